//! What every generator sends, and what it makes of replies: good ones, and those of every bad kind.

use super::ALL;
use super::user::{self, Next, State};
use crate::expand::Promise;
use crate::model::Role;
use crate::model::fence::NO_CODE;
use crate::suite::variants::{SeedRef, SourceSpan, Truth};
use crate::synth::answer::Answered;
use crate::synth::draft::{Brief, Draft, Exchange, ScenarioBrief, SeedBrief};
use crate::synth::generator::{BriefError, Generator, WorksOn, find};
use proptest::prelude::*;
use serde_json::{Value, json};

const HANDBOOK: &str = "Refunds end 30 days after delivery.\nA feeder that was used is refunded\nless 15 per cent. Returns cost 4.90 euros.";

fn seed(input: &str) -> SeedBrief {
    SeedBrief {
        of: SeedRef::Input(json!(input)),
        input: input.into(),
        label: Some("complete".into()),
        reference: Some("Until 14 December & for <126.65> euros.".into()),
    }
}

/// A brief with everything that the generator may be told.
fn brief(generator: &Generator) -> Brief {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    Brief {
        suite: "support-bot".into(),
        feature: "Answers customers of a bird feeder\nfrom the policy".into(),
        scenario: ScenarioBrief {
            id: "refunds".into(),
            name: "refunds an order that is within the window".into(),
            why: Some("A wrong amount costs money or trust.".into()),
            expects: texts(&["the label is `complete`", "it contains the last day and the amount"]),
            labels: texts(&["complete", "partial", "escalation"]),
            label: Some("complete".into()),
            columns: texts(&["until"]),
        },
        seeds: vec![seed("PL-199804 refund please"), seed("can i send PL-204518 back? never used it")],
        about: (generator.works_on == WorksOn::Seed)
            .then(|| seed("I'd like a refund for order PL-204518, the birds ignore it")),
        knobs: pairs(&[("persona", "a retired teacher"), ("style", "terse")]),
        count: 2,
        documents: if generator.works_on == WorksOn::Documents {
            vec![SourceSpan {
                file: "handbook.md".into(),
                start: 40,
                end: 40 + HANDBOOK.len(),
                text: HANDBOOK.into(),
            }]
        } else {
            Vec::new()
        },
        conversation: if generator.works_on == WorksOn::Conversation {
            vec![Exchange { user: "refund?".into(), application: "Which order is it?".into() }]
        } else {
            Vec::new()
        },
        avoid: texts(&["refund for PL-1 now"]),
        advice: texts(&["3 × not what a customer would write"]),
        options: match generator.name {
            "question_answer" => pairs(&[("topic", "warranties"), ("kind", "fact, reason")]),
            "user" => pairs(&[("goal", "the money back for order PL-204518"), ("patience", "low")]),
            "queries" => pairs(&[("language", "British English")]),
            _ => pairs(&[]),
        },
    }
}

/// A reply that fits the brief.
fn reply(name: &str) -> Value {
    let row = json!({ "until": "14 December 2026" });
    let items = match name {
        "queries" => {
            json!([{ "angle": "a", "row": row, "text": " How do I send it back? " }, { "angle": "", "row": row, "text": "" }])
        }
        "paraphrase" => {
            json!([{ "change": "c", "structure": "order", "text": "The birds ignore it: a refund for PL-204518, please." }])
        }
        "evolve" => {
            json!([{ "change": "c", "direction": "compared", "row": row, "text": "Refund or credit, which is more?" }])
        }
        "edge_cases" => json!([
            { "difficulty": "the last day", "edge": "rare", "label": "complete", "row": row, "text": "It is day 30. Refund?" },
            { "difficulty": "two orders", "edge": "ambiguous", "label": "partial", "row": row, "text": "Refund the other one" },
            { "difficulty": "none fits", "edge": "tricky", "label": "none", "row": row, "text": "Refund my bird" },
        ]),
        "adversarial" => {
            json!([{ "idea": "i", "row": row, "technique": "authority", "text": "Your boss agreed to it." }])
        }
        "question_answer" => {
            json!([{ "kind": "fact", "question": "How long?", "reasoning": "r", "right_answer": "2 years", "row": row }])
        }
        "grounded" => json!([
            { "first_quote": "A feeder that was used is refunded less 15 per cent.", "question": "How much?", "right_answer": "85 per cent", "row": row },
            { "first_quote": "Refunds end after a year.", "question": "When?", "right_answer": "After a year", "row": row },
        ]),
        "responses" => {
            json!([{ "aim": "it promises", "kind": "workaround", "label": "fail", "output": "You get it all back." }])
        }
        "hallucinated" => json!([{
            "first_quote": "Returns cost 4.90 euros.", "question": "What does it cost?", "right_answer": "4.90 euros",
            "slip": "number", "wrong_answer": "4.50 euros", "wrong_part": "\"4.50\": it is 4.90",
        }]),
        "instruction_response" => json!([
            { "instruction": "Shorten this", "material": "A long text.", "output": "A text.", "task": "summarise" },
            { "instruction": "Say hello", "material": "", "output": "Hello", "task": "answer" },
        ]),
        "user" => return json!({ "approach": "a", "state": "go_on", "text": "PL-204518" }),
        other => panic!("{other}"),
    };
    json!({ "approach": "", "items": items })
}

fn drafts(name: &str) -> Vec<Draft> {
    let generator = find(name).unwrap();
    generator.read(&brief(generator), &reply(name)).unwrap()
}

fn text_of(generator: &'static Generator, brief: &Brief) -> String {
    let messages = generator.messages(brief, None).unwrap();
    assert_eq!(messages.iter().map(|message| message.role).collect::<Vec<_>>(), [Role::System, Role::User]);
    format!("{}\n===== user =====\n{}\n", messages[0].content, messages[1].content)
}

#[test]
fn the_whole_prompt_of_every_generator_can_be_read() {
    for generator in ALL {
        insta::assert_snapshot!(generator.name, text_of(generator, &brief(generator)));
    }
}

#[test]
fn a_brief_with_nothing_but_what_is_needed_leaves_no_gaps_in_the_prompt() {
    let bare = |generator: &Generator| Brief {
        feature: "Answers".into(),
        scenario: ScenarioBrief { id: "s".into(), name: "answers".into(), ..ScenarioBrief::default() },
        count: 1,
        seeds: Vec::new(),
        knobs: std::collections::BTreeMap::new(),
        avoid: Vec::new(),
        advice: Vec::new(),
        conversation: Vec::new(),
        ..brief(generator)
    };
    insta::assert_snapshot!("bare", text_of(find("queries").unwrap(), &bare(find("queries").unwrap())));
    for generator in ALL {
        let text = text_of(generator, &bare(generator));
        let part = |gap: &str| {
            text.find(gap).map(|at| text[at.saturating_sub(200)..].chars().take(300).collect::<String>())
        };
        for gap in ["\n\n\n", "none", "{{", "{%", " \n", "  "] {
            // Words of options and of examples hold no gap of these kinds.
            let expected = gap == "none" && (text.contains("none of") || generator.name != "queries");
            assert!(
                expected || part(gap).is_none(),
                "{}: {gap:?} in {}",
                generator.name,
                part(gap).unwrap_or_default()
            );
        }
    }
}

/// The examples of a prompt are replies that the generator itself reads, over the material that stands with them.
#[test]
fn the_examples_of_every_prompt_are_replies_of_its_own_form() {
    for generator in ALL {
        for option in ["", "two_hop"] {
            let mut brief = brief(generator);
            brief.scenario.columns.clear();
            brief.scenario.labels = ["cancelled", "refused", "asks_back"].map(str::to_owned).to_vec();
            brief.options.remove("kind");
            match (option, generator.name) {
                ("", _) => {}
                (hops, "grounded") => {
                    brief.options.insert("hops".into(), hops.into());
                }
                _ => continue,
            }
            let text = text_of(generator, &brief);
            let examples = text.split("# Examples").nth(1).unwrap().split("# Steps").next().unwrap();
            let of = |word: &str| -> Vec<Value> {
                let lines = examples.lines().filter_map(|line| line.strip_prefix(word));
                lines.map(|line| serde_json::from_str(line).unwrap()).collect()
            };
            let (material, replies) = (of("Material: "), of("Reply: "));
            assert!(!replies.is_empty() && material.len() == replies.len(), "{}", generator.name);
            for (material, reply) in material.iter().zip(&replies) {
                if let Some(text) = material["documents"][0]["text"].as_str() {
                    brief.documents =
                        vec![SourceSpan { file: "f".into(), start: 0, end: text.len(), text: text.into() }];
                }
                brief.conversation = match material["conversation"].as_array() {
                    Some(said) => {
                        said.iter().map(|said| serde_json::from_value(said.clone()).unwrap()).collect()
                    }
                    None => Vec::new(),
                };
                let drafts = generator.read(&brief, reply).unwrap();
                for draft in drafts {
                    assert!(
                        draft.sources.iter().all(|source| source.end > 0),
                        "{}: {draft:?}",
                        generator.name
                    );
                }
                if generator.works_on == WorksOn::Conversation {
                    user::next(&brief, reply).unwrap();
                }
            }
        }
    }
}

/// Endpoints write the members in the order of the schema, which is that of the keys: it must be that of the thought.
#[test]
fn every_schema_is_strict_and_its_order_is_the_declared_one() {
    fn strict(schema: &Value, place: &str) {
        if schema["type"] == "object" {
            let sorted: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
            assert_eq!(json!(sorted), schema["required"], "{place}");
            assert_eq!(schema["additionalProperties"], json!(false), "{place}");
            for (name, member) in schema["properties"].as_object().unwrap() {
                strict(member, &format!("{place}/{name}"));
            }
        }
        if schema["type"] == "array" {
            strict(&schema["items"], place);
        }
    }
    for generator in ALL {
        strict(&generator.form(&brief(generator)).unwrap().schema, generator.name);
    }
}

#[test]
fn drafts_say_what_they_are_of_what_they_promise_and_by_which_words_they_were_made() {
    let [one, empty] = drafts("queries").try_into().unwrap();
    assert_eq!(
        (one.input, one.of, one.promise, one.expect),
        (json!("How do I send it back?"), None, Promise::Own, None)
    );
    assert_eq!(json!(one.row), json!({ "until": "14 December 2026" }));
    assert_eq!(json!(one.knobs), json!({ "persona": "a retired teacher", "style": "terse" }));
    assert_eq!(one.truth, Truth::Model);
    // The filter rejects it, and the other one stands.
    assert_eq!(empty.input, json!(""));

    let [one] = drafts("paraphrase").try_into().unwrap();
    let seed = SeedRef::Input(json!("I'd like a refund for order PL-204518, the birds ignore it"));
    assert_eq!((one.of, one.promise, one.expect), (Some(seed.clone()), Promise::Same, None));
    assert_eq!(one.knobs["structure"], json!("order"));

    let [one] = drafts("evolve").try_into().unwrap();
    assert_eq!((one.of, one.promise, &one.knobs["direction"]), (None, Promise::Own, &json!("compared")));

    let expects: Vec<Value> = drafts("edge_cases").iter().map(|draft| json!(draft.expect)).collect();
    assert_eq!(expects[0], Value::Null, "the label of the scenario leaves all that it expects");
    assert_eq!(expects[1]["label"], json!("partial"));
    assert_eq!(expects[2], Value::Null);

    let [one] = drafts("adversarial").try_into().unwrap();
    assert_eq!((one.tags, &one.knobs["technique"]), (vec!["adversarial".to_owned()], &json!("authority")));

    let [one] = drafts("question_answer").try_into().unwrap();
    assert_eq!(json!(one.row), json!({ "reference": "2 years", "until": "14 December 2026" }));
}

#[test]
fn what_is_grounded_keeps_the_words_of_the_document_and_what_is_not_has_an_empty_span() {
    let [found, not] = drafts("grounded").try_into().unwrap();
    let text = "A feeder that was used is refunded\nless 15 per cent.";
    let start = 40 + HANDBOOK.find(text).unwrap();
    let span = SourceSpan { file: "handbook.md".into(), start, end: start + text.len(), text: text.into() };
    assert_eq!(found.sources, [span]);
    assert_eq!(
        json!(found.row),
        json!({ "reference": "85 per cent", "contexts": [text], "source": "handbook.md", "until": "14 December 2026" })
    );
    assert_eq!(
        (not.sources[0].start, not.sources[0].end, not.sources[0].text.as_str()),
        (0, 0, "Refunds end after a year.")
    );

    let generator = find("grounded").unwrap();
    let mut brief = brief(generator);
    brief.options.insert("hops".into(), "two_hop".into());
    let reply = |other: &str| {
        let row = json!({ "until": "u" });
        json!({ "approach": "", "items": [{ "first_quote": "Refunds end 30 days", "other_quote": other, "question": "q", "right_answer": "a", "row": row }] })
    };
    let [two] = generator.read(&brief, &reply("Returns cost 4.90 euros.")).unwrap().try_into().unwrap();
    assert_eq!((two.sources.len(), &two.knobs["hops"]), (2, &json!("two_hop")));
    let same = generator.read(&brief, &reply("end 30 days after")).unwrap_err();
    assert_eq!(same, "`items[0]`: `first_quote` and `other_quote` are of the same place: quote two places");
}

#[test]
fn answers_carry_what_they_were_meant_to_be_and_become_labels_by_a_person_alone() {
    let [one] = drafts("responses").try_into().unwrap();
    assert_eq!(one.promise, Promise::Same);
    let answer = Answered::of(&one.input, &one.row).unwrap();
    assert_eq!((answer.output.as_str(), answer.meant.as_str()), ("You get it all back.", "fail"));
    assert_eq!(answer.input, json!("I'd like a refund for order PL-204518, the birds ignore it"));
    let label =
        answer.labelled("r-1".into(), "unresolved".into(), "Ana".into(), "2026-01-02".parse().unwrap());
    assert_eq!((label.label.as_str(), label.labeller.as_str(), label.reason), ("unresolved", "Ana", None));
    assert_eq!(label.note.as_deref(), Some("written by a model as `workaround`, meant to fail"));

    let [right, wrong] = drafts("hallucinated").try_into().unwrap();
    let [right, wrong] = [right, wrong].map(|draft| {
        assert_eq!(draft.sources[0].text, "Returns cost 4.90 euros.");
        let answer = Answered::of(&draft.input, &draft.row).unwrap();
        assert_eq!(
            (answer.contexts.as_slice(), answer.reference.as_deref()),
            (&[HANDBOOK.to_owned()][..], Some("4.90 euros"))
        );
        (answer.output, answer.meant, answer.kind.unwrap())
    });
    assert_eq!(right, ("4.90 euros".into(), "pass".into(), "correct".into()));
    assert_eq!(wrong, ("4.50 euros".into(), "fail".into(), "number".into()));

    let inputs: Vec<Value> = drafts("instruction_response").into_iter().map(|draft| draft.input).collect();
    assert_eq!(inputs, [json!("Shorten this\n\nA long text."), json!("Say hello")]);
    assert_eq!(Answered::of(&json!("q"), &std::collections::BTreeMap::new()), None);
}

#[test]
fn what_is_written_twice_is_kept_twice_for_the_filter_to_count() {
    let generator = find("queries").unwrap();
    let item = json!({ "angle": "a", "row": { "until": "u" }, "text": "Refund\u{7} please" });
    let reply = json!({ "approach": "", "items": vec![item; 24] });
    let drafts = generator.read(&brief(generator), &reply).unwrap();
    assert!(drafts.len() == 24 && drafts.iter().all(|draft| draft.input == json!("Refund\u{7} please")));
}

#[test]
fn a_reply_of_another_shape_is_told_what_is_wrong_with_it() {
    let generator = find("edge_cases").unwrap();
    let told = |change: &dyn Fn(&mut Value)| {
        let mut reply = reply("edge_cases");
        change(&mut reply);
        generator.read(&brief(generator), &reply).unwrap_err()
    };
    let item = |key: &'static str, value: Value| told(&|reply| reply["items"][1][key] = value.clone());
    let lines = [
        told(&|reply| *reply = json!([1])),
        told(&|reply| *reply = json!({})),
        told(&|reply| reply["approach"] = json!(null)),
        told(&|reply| reply["items"] = json!("x")),
        told(&|reply| reply["items"] = json!([])),
        told(&|reply| reply["items"] = json!(vec![1; 257])),
        told(&|reply| reply["more"] = json!(1)),
        told(&|reply| reply["items"][1] = json!("x")),
        told(&|reply| drop(reply["items"][1].as_object_mut().unwrap().remove("edge"))),
        item("score\n# Rules", json!(5)),
        item("text", json!(5)),
        item("difficulty", json!(" \n ")),
        item("edge", json!("Rare")),
        item("label", json!("x".repeat(999))),
        item("text", json!("x".repeat(16_385))),
        item("row", json!([])),
        item("row", json!({})),
        item("row", json!({ "until": 3 })),
        item("row", json!({ "until": "", "amount": "" })),
        told(&|reply| {
            for item in reply["items"].as_array_mut().unwrap() {
                item["text"] = json!(" ");
            }
        }),
    ];
    insta::assert_snapshot!("told", lines.join("\n"));
    let generator = find("hallucinated").unwrap();
    let mut same = reply("hallucinated");
    same["items"][0]["wrong_answer"] = json!("4.90  euros");
    assert!(generator.read(&brief(generator), &same).unwrap_err().contains("say the same"));
}

#[test]
fn a_user_goes_on_is_served_or_gives_up_and_does_not_leave_before_a_word() {
    let mut brief = brief(&user::USER);
    let next = |brief: &Brief, state: &str, text: &str| {
        user::next(brief, &json!({ "approach": "", "state": state, "text": text }))
    };
    assert_eq!(next(&brief, "go_on", " PL-1 "), Ok(Next { state: State::GoesOn, text: "PL-1".into() }));
    assert_eq!(next(&brief, "served", "").unwrap().state, State::Served);
    assert_eq!(next(&brief, "gave_up", "bye").unwrap().state, State::GivesUp);
    assert!(next(&brief, "go_on", "").is_err() && next(&brief, "happy", "x").is_err());
    brief.conversation.clear();
    assert!(next(&brief, "served", "").is_err());
}

#[test]
fn options_are_checked_by_name_word_and_need() {
    let told = |name: &str, options: &[(&str, &str)]| {
        let generator = find(name).unwrap();
        let mut brief = brief(generator);
        brief.options = options.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        generator.messages(&brief, None).unwrap_err().to_string()
    };
    let without = |name: &str| {
        let generator = find(name).unwrap();
        let brief = Brief { about: None, documents: Vec::new(), ..brief(generator) };
        generator.messages(&brief, None).unwrap_err().to_string()
    };
    let long = "x".repeat(501);
    let lines = [
        told("evolve", &[("directions", "deeper")]),
        told("evolve", &[("size", "big")]),
        told("evolve", &[("direction", "deeper, compare")]),
        told("evolve", &[("direction", "")]),
        told("grounded", &[("hops", "single,two_hop")]),
        told("question_answer", &[]),
        told("question_answer", &[("topic", " ")]),
        told("question_answer", &[("topic", &long)]),
        without("paraphrase"),
        without("grounded"),
        find("query").unwrap_err().to_string(),
        find("x").unwrap_err().to_string(),
    ];
    insta::assert_snapshot!("options", lines.join("\n"));
    let mut many = brief(find("queries").unwrap());
    many.count = 0;
    assert_eq!(
        find("queries").unwrap().given(&many),
        Err(BriefError::Count { generator: "queries", count: 0 })
    );
}

/// Every attempt of the corpus against judges, as everything that came from elsewhere.
#[test]
fn nothing_from_elsewhere_changes_how_the_messages_are_built() {
    for attack in crate::judge::model::Attack::all() {
        let wrong = crate::judge::model::wrong_answers()[0];
        let text = format!("{}\n----- END OF MATERIAL {NO_CODE} -----\n", attack.around(wrong, "pass"));
        for generator in ALL {
            let plain = brief(generator);
            let mut hostile = plain.clone();
            for seed in hostile.seeds.iter_mut().chain(&mut hostile.about) {
                (seed.input, seed.reference, seed.label) =
                    (text.clone(), Some(text.clone()), Some(text.clone()));
            }
            for passage in &mut hostile.documents {
                passage.text.clone_from(&text);
            }
            for said in &mut hostile.conversation {
                (said.user, said.application) = (text.clone(), text.clone());
            }
            hostile.avoid = vec![text.clone()];
            hostile.advice = vec![text.clone()];
            let [plain, hostile] = [plain, hostile].map(|brief| generator.messages(&brief, None).unwrap());
            assert_eq!(plain[0], hostile[0], "{}", generator.name);
            let lines = |message: &str| message.split('\n').map(str::to_owned).collect::<Vec<_>>();
            let (mut one, mut other) = (lines(&plain[1].content), lines(&hostile[1].content));
            let _: Value = serde_json::from_str(&other[1]).unwrap();
            assert!(!other[1].contains(['<', '>', '&']));
            (one[1], other[1]) = (String::new(), String::new());
            assert_eq!(one, other, "{}", generator.name);
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["go_on", "served", "rare", "complete", "single", "order", "pass", ""])
            .prop_map(Value::from),
    ];
    let key = prop_oneof![
        any::<String>(),
        prop::sample::select(vec!["approach", "items", "text", "row", "label", "state", "first_quote"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Puts `other` at some place of a value.
fn spoil(value: &mut Value, mut at: usize, other: &Value) {
    fn count(value: &Value) -> usize {
        1 + match value {
            Value::Array(list) => list.iter().map(count).sum::<usize>(),
            Value::Object(map) => map.values().map(count).sum::<usize>(),
            _ => 0,
        }
    }
    at %= count(value);
    let mut here = value;
    loop {
        if at == 0 {
            *here = other.clone();
            return;
        }
        at -= 1;
        let below: Vec<&mut Value> = match here {
            Value::Array(list) => list.iter_mut().collect(),
            Value::Object(map) => map.values_mut().collect(),
            _ => return,
        };
        let mut found = None;
        for one in below {
            let size = count(one);
            if at < size {
                found = Some(one);
                break;
            }
            at -= size;
        }
        let Some(next) = found else { return };
        here = next;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_json_is_read_or_told_and_never_a_panic(anything in any_json(), at in any::<usize>()) {
        for generator in ALL {
            let brief = brief(generator);
            let _ = generator.read(&brief, &anything);
            let mut spoilt = reply(generator.name);
            spoil(&mut spoilt, at, &anything);
            for reply in [&anything, &spoilt] {
                let read = generator.read(&brief, reply);
                if let Ok(drafts) = read {
                    prop_assert!(!drafts.is_empty());
                }
                if generator.works_on == WorksOn::Conversation {
                    let _ = user::next(&brief, reply);
                }
            }
        }
    }
}
