//! Operators of typing, surface and unicode: what each makes of a text, worked out by hand, and what all of
//! them keep, over any text and over what real people wrote.

use holdline::expand::edit::leads_to;
use holdline::expand::meaning::Count;
use holdline::expand::operator::{Draft, Family, Operator, Settings, Subject};
use holdline::expand::operators;
use holdline::expand::protect::Protector;
use holdline::expand::stream::Stream;
use holdline::expand::words::Text;
use holdline::suite::{Row, load};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const FAMILIES: [Family; 3] = [Family::Typing, Family::Surface, Family::Unicode];

fn all() -> impl Iterator<Item = &'static Operator> {
    FAMILIES.into_iter().flat_map(operators::of_family)
}

fn draft(operator: &Operator, text: &Text<'_>, settings: &Settings, number: u64) -> Option<Draft> {
    let row = Row::default();
    let subject = Subject { text, settings, row: &row, expect: &[], canary: None };
    let stream = Stream::new(&[b"test", operator.name.as_bytes(), text.text.as_bytes()]);
    (operator.vary)(&subject, &mut stream.at(number))
}

/// Every variant that an operator makes of a text in many draws.
fn outcomes(operator: &str, text: &str, settings: &Value) -> BTreeSet<String> {
    let operator = operators::find(operator).unwrap();
    let settings = Settings(serde_json::from_value(settings.clone()).unwrap());
    let text = Text::new(text, &Protector::new(&[]).unwrap(), &[]);
    (0..400).filter_map(|number| draft(operator, &text, &settings, number)).map(|draft| draft.text).collect()
}

fn assert_outcomes(operator: &str, text: &str, settings: &Value, wanted: &[&str]) {
    let wanted: BTreeSet<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(outcomes(operator, text, settings), wanted, "{operator} of {text:?} with {settings}");
}

#[test]
fn fingers_slip_as_worked_out_by_hand() {
    let none = json!({});
    for (operator, text, wanted) in [
        // The first and the last letter stay; `o` goes at either place.
        ("dropped_letter", "Book", &["Bok"][..]),
        // `l` gone makes `pay`'s neighbour `pay`, a word; `a` gone is what is left.
        ("dropped_letter", "play", &["ply"][..0]),
        ("dropped_letter", "the cat", &[]),
        ("doubled_letter", "meet", &["meett"]),
        ("doubled_letter", "BOTTOM", &["BOOTTOM", "BOTTOOM", "BOTTOMM"]),
        ("swapped_letters", "form", &["fomr"]),
        ("swapped_letters", "what's", &["waht's", "whta's"]),
        ("missing_space", "book it", &["bookit"]),
        ("missing_space", "in to", &[]),
        ("missing_space", "at 3 pm", &[]),
        ("misspelling", "Separate", &["Seperate"]),
        ("misspelling", "a separate ARGUMENT", &["a seperate ARGUMENT", "a separate ARGUEMENT"]),
        ("misspelling", "tomorrow’s", &["tommorow’s", "tomorow’s", "tommorrow’s"]),
        ("homophone", "Their", &["There", "They're"]),
        ("homophone", "you’re", &["your"]),
        ("homophone", "your", &["you're"]),
        ("homophone", "we know no right-hand side", &[]),
        // `rn` read as `m` would make `modem`, another word.
        ("scanning_slip", "modern", &["rnodern", "m0dern", "moclern", "modcrn"]),
        ("scanning_slip", "find", &["ﬁnd", "flnd", "f1nd", "fincl"]),
    ] {
        assert_outcomes(operator, text, &none, wanted);
    }
}

#[test]
fn keys_are_those_of_the_layout() {
    for (layout, keys) in [(None, "asx"), (Some("qwertz"), "tughi"), (Some("azerty"), "aeqs")] {
        let settings = layout.map_or(json!({}), |layout| json!({ "layout": layout }));
        let mut wanted = BTreeSet::new();
        for key in keys.chars().filter(|key| layout != Some("qwertz") || *key != 'i') {
            wanted.extend([format!("z{key}zz"), format!("zz{key}z"), format!("zzz{key}")]);
        }
        assert_eq!(outcomes("neighbouring_key", "zzzz", &settings), wanted, "{layout:?}");
    }
    assert!(outcomes("neighbouring_key", "CANCEL", &json!({})).contains("CANCRL"));
}

#[test]
fn there_are_as_many_slips_as_asked_for_each_in_another_word() {
    let text = "please remind everybody about tomorrow morning before lunch with nobody missing again";
    let changed = |variant: &str| variant.split(' ').zip(text.split(' ')).filter(|(a, b)| a != b).count();
    for (settings, most) in [(json!({}), 1), (json!({ "slips": 1 }), 1), (json!({ "slips": 4 }), 4)] {
        let made = outcomes("swapped_letters", text, &settings);
        assert!(made.len() > 10 && made.iter().all(|variant| changed(variant) == most), "{settings}");
    }
}

#[test]
fn surfaces_change_as_worked_out_by_hand() {
    let of = |forms: &[&str]| json!({ "forms": forms });
    let plain = json!({});
    let text = "Tell Ana I'm IN, don't send the NDA to US";
    for (operator, settings, text, wanted) in [
        ("case", of(&["lower"]), text, &["tell ana i'm IN, don't send the nda to US"][..]),
        ("case", of(&["upper"]), text, &["TELL ANA I'M IN, DON'T SEND THE NDA TO US"]),
        ("case", of(&["title"]), text, &["Tell Ana I'm IN, Don't Send The NDA To US"]),
        ("case", of(&["sentence"]), "hi. is BERLIN what i'd CALL far", &["Hi. Is berlin what I'd CALL far"]),
        ("case", of(&["one_word"]), "move the call", &["MOVE the call", "move the CALL"]),
        ("case", of(&["caps_lock"]), "Ask Ana for the NDA", &["aSK aNA FOR THE NDA"]),
        ("case", of(&["upper"]), "AT 10", &[]),
        ("punctuation_dropped", plain.clone(), "?", &[]),
        ("punctuation_dropped", of(&["last"]), "Hi, is it on, Ana?!", &["Hi, is it on, Ana"]),
        ("punctuation_dropped", of(&["commas"]), "Hi, is it 1,000, Ana?", &["Hi is it 1,000, Ana?"]),
        (
            "punctuation_dropped",
            of(&["apostrophes"]),
            "what's Ana’s plan, we're off",
            &["whats Anas plan, we're off"],
        ),
        ("punctuation_dropped", of(&["all"]), "Hi, what's on at 9.30?", &["Hi whats on at 9.30"]),
        ("punctuation_added", of(&["last"]), "is it on", &["is it on?"]),
        ("punctuation_added", of(&["last"]), "find it", &["find it.", "find it!"]),
        ("punctuation_added", of(&["last", "dots"]), "is it at 9", &[]),
        ("punctuation_added", of(&["dots"]), "find it", &["find it..", "find it...", "find it…"]),
        (
            "punctuation_added",
            of(&["comma"]),
            "please find it and 9 so",
            &["please, find it and 9 so", "please find it, and 9 so"],
        ),
        (
            "punctuation_repeated",
            plain.clone(),
            "ok, is it on?",
            &["ok,, is it on?", "ok, is it on??", "ok, is it on???", "ok, is it on?!"],
        ),
        ("punctuation_repeated", plain.clone(), "See Dr. Who.", &["See Dr. Who..", "See Dr. Who..."]),
        (
            "white_space",
            of(&["doubled"]),
            "move 3 pm now",
            &["move  3 pm now", "move 3 pm  now", "move  3 pm  now"],
        ),
        ("white_space", of(&["leading"]), "now", &[" now", "  now", "   now"]),
        ("white_space", of(&["trailing"]), "now", &["now ", "now  ", "now   "]),
        ("white_space", of(&["before_mark"]), "ok, now?", &["ok , now?", "ok, now ?"]),
        ("white_space", of(&["missing_after_mark"]), "ok, now, 3 pm", &["ok,now, 3 pm"]),
        ("white_space", of(&["tab"]), "go now", &["go\tnow"]),
        ("white_space", of(&["hard"]), "go now", &["go\u{a0}now"]),
        (
            "diacritics",
            plain.clone(),
            "Zoë's café, Łódź, Ma\u{301}laga, Straße",
            &["Zoe's cafe, Lodz, Malaga, Strasse"],
        ),
        ("diacritics", plain.clone(), "plain n\u{f6}", &[]),
        ("quotes", of(&["curly"]), "I'd say don't 'ask'", &["I’d say don’t 'ask'"]),
        ("quotes", of(&["straight"]), "I’d say don’t", &["I'd say don't"]),
        ("quotes", of(&["around"]), " go now ", &[" \"go now\" ", " “go now” ", " 'go now' "]),
        ("quotes", of(&["around"]), "find \"x y\"", &[]),
        (
            "line_breaks",
            of(&["wrapped"]),
            "the quick brown fox jumped over dogs",
            &["the quick brown fox jumped\nover dogs"],
        ),
        (
            "line_breaks",
            of(&["sentences"]),
            "It is on. Is it? no",
            &["It is on.\nIs it? no", "It is on.\n\nIs it? no"],
        ),
        ("line_breaks", of(&["one"]), "move 3 pm", &["move\n3 pm"]),
        ("line_breaks", of(&["last"]), "now", &["now\n"]),
        ("full_width", plain.clone(), "Go, 3 pm not Zoë", &["Ｇｏ, 3 pm not Ｚｏë"]),
        ("full_width", of(&["one_word"]), "find it", &["ｆｉｎｄ it"]),
        ("decomposed", plain.clone(), "Zoë at n\u{f6} café", &["Zoe\u{308} at n\u{f6} cafe\u{301}"][..0]),
        ("decomposed", plain.clone(), "Zoë at the café", &["Zoe\u{308} at the cafe\u{301}"]),
        (
            "bidirectional_marks",
            of(&["around"]),
            "go",
            &["\u{202a}go\u{202c}", "\u{2066}go\u{2069}", "\u{2068}go\u{2069}"],
        ),
        ("bidirectional_marks", of(&["words"]), "go 3", &["\u{200e}go 3", "go\u{200e} 3"]),
    ] {
        assert_outcomes(operator, text, &settings, wanted);
    }
}

#[test]
fn unseen_and_look_alike_characters_leave_the_rest_as_it_was() {
    let plain = json!({});
    let unseen = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{ad}'];
    let mut wanted: BTreeSet<String> =
        unseen.iter().flat_map(|c| [format!("t{c}he 3 not"), format!("th{c}e 3 not")]).collect();
    wanted.insert("\u{feff}the 3 not".to_owned());
    assert_eq!(outcomes("zero_width", "the 3 not", &plain), wanted);
    // Of `note` a mark after the second letter would leave `no`, a negation.
    assert!(outcomes("zero_width", "note", &plain).iter().all(|variant| !variant.starts_with("no\u{200b}")));
    assert_outcomes("confusables", "j 3 not", &plain, &["ј 3 not", "ϳ 3 not"]);
    let many = outcomes("confusables", "cancel", &json!({ "letters": 6 }));
    assert!(
        many.iter().all(|variant| variant.chars().count() == 6 && variant.chars().all(|c| !c.is_ascii()))
    );
}

/// One variant of every operator, for people to read. What is not seen is escaped.
#[test]
fn variants_read_as_people_write() {
    let protector = Protector::new(&[]).unwrap();
    let sentences = [
        "Please move the design review with Kwame to Tuesday at 14:00, it's urgent.",
        "can you find the latest draft of their privacy policy for ana@example.com",
        "Don't cancel the booking at Café Zoë, what's the total?",
    ];
    let mut lines = String::new();
    for (number, operator) in all().enumerate() {
        let text = sentences.iter().cycle().skip(number).map(|text| Text::new(text, &protector, &[]));
        let settings = Settings::default();
        let made = text.take(sentences.len()).find_map(|text| draft(operator, &text, &settings, 1)).unwrap();
        let shown: String = made
            .text
            .chars()
            .map(|c| if hidden(c) { c.escape_unicode().to_string() } else { c.to_string() })
            .collect();
        writeln!(lines, "{:<20} {shown}", operator.name).unwrap();
    }
    insta::assert_snapshot!(lines, @r#"
    neighbouring_key     Pleqse move the design reviee with Kwame to Tuesday at 14:00, it's urgent.
    dropped_letter       can you find the latest drft of their privacy policy for ana@example.com
    doubled_letter       Don't cancel the booking at Café Zoë, whatt's the total?
    swapped_letters      Pelase mvoe the design review with Kwame to Tuesday at 14:00, it's urgent.
    missing_space        can you find the latest draft oftheir privacy policy for ana@example.com
    misspelling          Don't cansel the booking at Café Zoë, what's the total?
    scanning_slip        Please move the design revievv with Kwame to Tuesday at 14:00, it's urgcnt.
    homophone            can you find the latest draft of they're privacy policy for ana@example.com
    case                 Don't Cancel The Booking At Café Zoë, What's The Total?
    punctuation_dropped  Please move the design review with Kwame to Tuesday at 14:00, it's urgent
    punctuation_added    Please, move the design review with Kwame to Tuesday at 14:00, it's urgent.
    punctuation_repeated Don't cancel the booking at Café Zoë,, what's the total?
    white_space          Please move the design  review with Kwame to Tuesday at 14:00, it's urgent.
    diacritics           Don't cancel the booking at Cafe Zoe, what's the total?
    quotes               "Don't cancel the booking at Café Zoë, what's the total?"
    emoji                Please move the design review with Kwame to Tuesday at 14:00, it's urgent. ☺️
    line_breaks          can you find the latest draft of\u{a}their privacy policy for ana@example.com
    confusables          Don't cαnceⅼ the booking at Café ꓜoë, what's the total?
    zero_width           Please move the design revi\u{2060}ew with Kwame to Tuesday a\u{200b}t 14:00, it's urgent.
    bidirectional_marks  \u{2068}can you find the latest draft of their privacy policy for ana@example.com\u{2069}
    full_width           Don't cancel the booking at Ｃａｆé Zoë, what's the total?
    decomposed           Don't cancel the booking at Cafe\u{301} Zoe\u{308}, what's the total?
    "#);
}

/// Characters that a reader of the snapshot would not see, or not tell from others.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{206f}' | '\u{feff}')
}

/// What every variant of these families keeps.
fn check(operator: &Operator, text: &Text<'_>, number: u64) -> Result<bool, TestCaseError> {
    let settings = Settings::default();
    let Some(made) = draft(operator, text, &settings, number) else {
        return Ok(false);
    };
    let name = operator.name;
    let again = draft(operator, text, &settings, number);
    prop_assert_eq!(again.as_ref(), Some(&made), "{} is the same again", name);
    prop_assert_ne!(&made.text, text.text, "{}", name);
    prop_assert!(leads_to(text.text, &made.edits, &made.text), "{}: {:?} {:?}", name, made, text.text);
    prop_assert_eq!(Count::of(&made.text), Count::of(text.text), "{}: {:?}", name, made.text);
    prop_assert!(made.swaps.is_empty() && made.adds.is_empty() && made.expect.is_none(), "{}", name);
    for span in text.protected.iter().filter(|span| !operator.touches.contains(&span.guard)) {
        // Where the span begins in the variant: everything before it that was taken out and put in.
        let mut at = span.range.start;
        for edit in &made.edits {
            if edit.from.end <= span.range.start {
                at = at + edit.to.len() - edit.from.len();
            } else {
                prop_assert!(edit.from.start >= span.range.end, "{}: {:?} within {:?}", name, edit, span);
            }
        }
        let kept = made.text.get(at..at + span.range.len());
        prop_assert_eq!(kept, Some(&text.text[span.range.clone()]), "{}: {:?}", name, made.text);
    }
    Ok(true)
}

/// Pieces that meet every rule: words with and without capitals, accents, apostrophes, marks and numbers,
/// negations, addresses, code, quotes, several scripts.
const PIECES: [&str; 44] = [
    "please",
    "Move",
    "CANCEL",
    "the",
    "meeting",
    "can't",
    "don’t",
    "not",
    "möst",
    "nö",
    "café",
    "Zoe\u{308}",
    "NDA",
    "US",
    "I'd",
    "their",
    "it's",
    "definitely",
    "modern",
    "Kwame",
    "Dr.",
    "3 pm",
    "9:30,",
    "$1,200.50",
    "a.b@example.com",
    "https://example.com/a?b=1.",
    "report.pdf",
    "`ls -l`",
    "{name}",
    "\"the plan\"",
    "v1.2.3",
    "ORD-12",
    "?!",
    "...",
    ",",
    ":)",
    "日本語",
    "привет",
    "αβγδ",
    "שלום",
    "🙂",
    "x''not",
    "e\u{301}\u{302}ne",
    "\t",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_keeps_what_it_must(text in any::<String>(), number in 0_u64..1000) {
        let read = Text::new(&text, &Protector::new(&[]).unwrap(), &[]);
        for operator in all() {
            check(operator, &read, number)?;
        }
    }

    #[test]
    fn any_sentence_keeps_what_it_must(
        pieces in proptest::collection::vec((0..PIECES.len(), 0..12_usize), 1..20),
        number in 0_u64..1000,
    ) {
        // Mostly single spaces between, sometimes something else.
        let gaps = ["", "  ", "\n"];
        let text: String =
            pieces.iter().map(|(piece, gap)| [PIECES[*piece], gaps.get(*gap).unwrap_or(&" ")].concat()).collect();
        let read = Text::new(&text, &Protector::new(&[r"m\w+g".to_owned()]).unwrap(), &["café", "The"]);
        for operator in all() {
            check(operator, &read, number)?;
        }
    }
}

/// What must be found again in a variant, by rules of its own: everything with a digit, an `@` or `://` in it,
/// abbreviations, quoted text, negations and the like.
fn tokens(text: &str) -> Vec<String> {
    const KEPT: &[&str] = &[
        "not", "no", "never", "don't", "can't", "cannot", "won't", "isn't", "doesn't", "didn't", "nothing",
        "none", "without", "must", "should", "may", "might", "all", "any", "only", "every", "some", "both",
        "half", "most", "more", "less", "many", "much", "few",
    ];
    let is_kept = |run: &&str| {
        let letters = run.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = run.bytes().all(|byte| byte.is_ascii_uppercase());
        run.contains(|c: char| c.is_ascii_digit())
            || (2..=5).contains(&letters) && capitals
            || KEPT.contains(&run.to_lowercase().as_str())
    };
    let runs = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(is_kept);
    let addresses = text.split_whitespace().filter(|piece| piece.contains('@') || piece.contains("://"));
    let parts: Vec<&str> = text.split('"').collect();
    // A quote that nothing closes quotes nothing.
    let quoted = parts[..parts.len() - 1].iter().copied().skip(1).step_by(2);
    runs.chain(addresses).chain(quoted).map(str::to_owned).collect()
}

fn holds_all(variant: &[String], wanted: &[String]) -> bool {
    let mut left = variant.iter();
    wanted.iter().all(|token| left.any(|other| other == token))
}

/// Variants of every typing operator over texts, each with what an answer is expected to repeat.
fn assert_nothing_is_damaged(texts: &[(String, Vec<String>)], numbers: u64) {
    let protector = Protector::new(&[]).unwrap();
    let mut made = BTreeMap::new();
    for (text, expected) in texts {
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let read = Text::new(text, &protector, &expected);
        let wanted = tokens(text);
        for operator in operators::of_family(Family::Typing) {
            for number in 0..numbers {
                let Some(draft) = draft(operator, &read, &Settings::default(), number) else { continue };
                let variant = &draft.text;
                assert_ne!(variant, text, "{}: nothing was done", operator.name);
                assert!(holds_all(&tokens(variant), &wanted), "{}: {text} -> {variant}", operator.name);
                let (small, before) = (variant.to_lowercase(), text.to_lowercase());
                for expected in expected.iter().map(|text| text.to_lowercase()).filter(|text| text.len() > 1)
                {
                    let kept = small.matches(&expected).count() >= before.matches(&expected).count();
                    assert!(kept, "{}: {expected} in {text} -> {variant}", operator.name);
                }
                *made.entry(operator.name).or_insert(0_usize) += 1;
            }
        }
    }
    for operator in operators::of_family(Family::Typing) {
        assert!(made.get(operator.name).is_some_and(|made| *made > 10), "{}: {made:?}", operator.name);
    }
    println!("variants of {} texts: {made:?}", texts.len());
}

#[test]
fn nothing_that_is_protected_is_damaged_in_the_shipped_suite() {
    let suite =
        load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("suites/meeting-assistant.toml")).unwrap();
    let mut texts = Vec::new();
    for seed in suite.scenarios.iter().flat_map(|scenario| scenario.seeds.listed().unwrap()) {
        let columns = seed.row.columns.iter().zip(&seed.row.values);
        let expected =
            columns.filter(|(name, _)| ["who", "time", "what", "one", "two"].contains(&name.as_str()));
        let expected = expected.filter_map(|(_, value)| value.as_str().map(str::to_owned)).collect();
        texts.push((seed.input.as_str().unwrap().to_owned(), expected));
    }
    assert!(texts.len() > 150, "{}", texts.len());
    assert_nothing_is_damaged(&texts, 20);
}

#[test]
fn nothing_that_is_protected_is_damaged_in_requests_of_real_people() {
    let folder = std::env::var_os("HOLDLINE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/clinc150"), PathBuf::from);
    let Ok(mut reader) = csv::Reader::from_path(folder.join("test_val.csv")) else {
        eprintln!("skipped: no CLINC150 in {}", folder.display());
        return;
    };
    let rows = reader.deserialize::<BTreeMap<String, String>>();
    let texts: Vec<_> = rows.map(|row| (row.unwrap().remove("query").unwrap(), Vec::new())).collect();
    assert_eq!(texts.len(), 8600);
    assert_nothing_is_damaged(&texts, 1);
}
