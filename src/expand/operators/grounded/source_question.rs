//! A question whose answer stands in the source.

use super::answer::{SOURCE, column, occurs};
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::names;
use crate::expand::operators::meaning::sentence::{sentences, uncapitalised};
use crate::expand::operators::meaning::verbs;
use crate::expand::protect::{Guard, Protector};
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use crate::suite::schema::Expect;
use regex::Regex;
use std::sync::LazyLock;

/// Asks for a number, a time, a place, a price or a person that a sentence of the source gives. The answer must
/// contain it, unless the suite says what must hold.
///
/// Only plain sentences are understood ("The office opens at 9:00."): where no pattern fits, there is nothing to
/// ask.
pub const SOURCE_QUESTION: Operator = Operator {
    name: "source_question",
    version: 1,
    family: Family::Grounded,
    promise: Promise::Own,
    what: "Asks what a sentence of the source says; the answer must contain it.",
    reach: Reach::Around,
    touches: Guard::ALL,
    needs_statement: false,
    options: &[SOURCE],
    vary,
};

/// What a sentence must look like; its groups are named.
struct Pattern {
    regex: Regex,
    ask: fn(&Parts<'_>) -> Option<(String, String)>,
}

/// The groups of a pattern: the subject, the verb, the answer and what follows.
struct Parts<'t> {
    subject: String,
    verb: &'t str,
    answer: &'t str,
    rest: &'t str,
    link: &'t str,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let subject = r"(?P<subject>(?:(?:The|A|An|Our|Your|Each|Every|All) )?[\p{L}\d][\p{L}\d' -]{1,60}?)";
    let number = r"(?:(?:about|up to|at least|at most|around|nearly|more than) )?(?P<answer>(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty)";
    let unit = r"(?:-|\s)?(?:minutes?|hours?|days?|weeks?|months?|years?|seconds?))";
    let money = r"(?P<answer>(?:[€$£]\s?\d[\d.,]*|\d[\d.,]* ?(?:euros?|dollars?|pounds?|EUR|USD|GBP|€)))";
    let name = r"(?:(?:Dr\.?|Mr\.?|Mrs\.?|Ms\.?|Prof\.?) )?\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+){0,2}";
    let past = verbs::pasts().collect::<Vec<_>>().join("|");
    let make = |pattern: String, ask| Regex::new(&pattern).ok().map(|regex| Pattern { regex, ask });
    [
        make(format!(r"^{subject} (?P<verb>lasts?|takes?) {number}{unit}(?P<rest>.*)$"), how_long),
        make(format!(r"^{subject} (?P<verb>costs?) {money}(?P<rest>.*)$"), how_much),
        make(format!(r"^(?P<subject>There) (?P<verb>is|are|were|was) {number})(?P<rest> [\p{{L}}].*)$"), how_many_there),
        make(format!(r"^{subject} (?P<verb>has|have) {number})(?P<rest> [\p{{L}} -]+)$"), how_many),
        make(
            format!(r"^{subject} (?P<verb>opens?|closes?|starts?|begins?|ends?|departs?|arrives?) (?P<link>at|on|in) (?P<answer>\d{{1,2}}[:.]\d{{2}}(?: ?[ap]m)?|\d{{1,2}} ?[ap]m|noon|midnight|\d{{1,2}} \p{{Lu}}\p{{Ll}}+|\p{{Lu}}\p{{Ll}}+)(?P<rest>(?: .*)?)$"),
            when_does,
        ),
        make(
            format!(r"^{subject} (?P<verb>(?:is|are|was|were) [\p{{Ll}}]+) (?P<link>in|on|at|by) (?P<answer>(?:\d{{1,2}} )?(?:\p{{Lu}}[\p{{L}}'-]+ ?)*(?:\d{{4}})?)(?P<rest>)$"),
            passive,
        ),
        make(format!(r"^(?P<subject>{name}) (?P<verb>[\p{{Ll}}]+) (?P<rest>.+)$"), who),
        make(
            format!(r"^(?P<subject>(?:The|Our|Your) [\p{{L}}\d' -]{{3,60}}?) (?P<verb>is|was) (?P<answer>(?:{name}|[€$£]?\d[\d.,:]*(?: ?%| \p{{Ll}}+)?))(?P<rest>)$"),
            what_is,
        ),
        make(format!(r"^In (?P<answer>(?:19|20)\d{{2}},?) {subject} (?P<verb>{past})(?P<rest> .+)$"), when_did),
        make(format!(r"^{subject} (?P<verb>{past})(?P<rest> [^,;]+?) in (?P<answer>(?:19|20)\d{{2}})$"), when_did),
    ]
    .into_iter()
    .flatten()
    .collect()
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let source = column(subject, "source")?;
    let text = Text::new(source, &Protector::new(&[]).ok()?, &[]);
    let mut asked: Vec<(String, String)> = Vec::new();
    for sentence in sentences(&text).iter().filter(|sentence| !sentence.asks(source)) {
        let body = &source[sentence.range.start..sentence.mark_at(source)];
        asked.extend(PATTERNS.iter().filter_map(|pattern| question(pattern, body)));
    }
    asked.retain(|(question, answer)| !occurs(question, answer) && question != subject.text.text);
    if asked.is_empty() {
        return None;
    }
    let (question, answer) = asked.swap_remove(stream.index(asked.len()));
    let holds = Expect { contains: Some(answer), ignore_case: true, ..Expect::default() };
    Some(Draft { expect: Some(vec![holds]), ..Draft::whole(subject.text.text, question) })
}

/// The question of a pattern, and its answer.
fn question(pattern: &Pattern, body: &str) -> Option<(String, String)> {
    let found = pattern.regex.captures(body)?;
    let group = |name: &str| found.name(name).map_or("", |group| group.as_str());
    let first = group("subject");
    if !plain(first) {
        return None;
    }
    let parts = Parts {
        subject: addressed(first),
        verb: group("verb"),
        answer: group("answer").trim_end_matches([',', '.', ' ']),
        rest: group("rest").trim_end(),
        link: group("link"),
    };
    (pattern.ask)(&parts)
        .map(|(question, answer)| (question, answer.trim().to_owned()))
        .filter(|(_, answer)| !answer.is_empty())
}

/// Whether a subject can be asked about by itself.
fn plain(subject: &str) -> bool {
    let refers = [
        "It", "They", "He", "She", "This", "These", "Those", "That", "We", "I", "You", "Who", "Which", "If",
        "When", "What", "As", "While", "Because", "Although", "But", "And",
    ];
    let first = subject.split(' ').next().unwrap_or_default();
    let clause = [
        "that", "which", "who", "is", "are", "was", "were", "has", "have", "will", "can", "not", "and", "if",
    ];
    !refers.contains(&first) && !subject.split(' ').any(|word| clause.contains(&word))
}

/// A subject within a question: "Our office" is "your office" to who asks.
fn addressed(subject: &str) -> String {
    match subject.strip_prefix("Our ") {
        Some(rest) => format!("your {rest}"),
        None if names::kind(subject.split(' ').next().unwrap_or_default()).is_some() => subject.to_owned(),
        None if ["The ", "A ", "An ", "Each ", "Every ", "All ", "Your "]
            .iter()
            .any(|word| subject.starts_with(word)) =>
        {
            uncapitalised(subject)
        }
        None if COMMON.iter().any(|end| subject.ends_with(end)) => uncapitalised(subject),
        None => subject.to_owned(),
    }
}

/// Endings of nouns that need no article and are no names: "Parking", "Delivery", "Refunds".
const COMMON: &[&str] = &["ing", "ion", "ery", "ment", "age", "ance", "ity", "s"];

/// `does` for one, `do` for many, by the verb.
fn helper(verb: &str) -> &'static str {
    if verb.ends_with('s') { "does" } else { "do" }
}

/// The rest of a sentence up to a comma, where it says no more than where or whom it is about.
fn tail(rest: &str) -> Option<&str> {
    let ends = rest.split([',', ';', ':']).next().unwrap_or_default();
    (ends.split(' ').count() <= 9 && !ends.contains(" and ")).then_some(ends)
}

fn how_long(parts: &Parts<'_>) -> Option<(String, String)> {
    let verb = parts.verb.trim_end_matches('s');
    let question = format!("How long {} {} {verb}{}?", helper(parts.verb), parts.subject, tail(parts.rest)?);
    Some((question, parts.answer.to_owned()))
}

fn how_much(parts: &Parts<'_>) -> Option<(String, String)> {
    let question = format!("How much {} {} cost{}?", helper(parts.verb), parts.subject, tail(parts.rest)?);
    Some((question, parts.answer.to_owned()))
}

fn how_many_there(parts: &Parts<'_>) -> Option<(String, String)> {
    let (counted, place) = counted(parts.rest)?;
    let question = format!("How many {counted} {} there{place}?", parts.verb);
    Some((question, parts.answer.to_owned()))
}

fn how_many(parts: &Parts<'_>) -> Option<(String, String)> {
    let (counted, place) = counted(parts.rest)?;
    let helper = if parts.verb == "has" { "does" } else { "do" };
    Some((format!("How many {counted} {helper} {} have{place}?", parts.subject), parts.answer.to_owned()))
}

/// "lifts in the north wing": what is counted, and where.
fn counted(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.trim_start();
    let cut = [" in ", " at ", " on ", " for ", " per ", " within "]
        .iter()
        .filter_map(|word| rest.find(word))
        .min();
    let (counted, place) = rest.split_at(cut.unwrap_or(rest.len()));
    let last = counted.rsplit(' ').next().unwrap_or_default();
    let plain = last.ends_with('s') && counted.split(' ').count() <= 3 && !counted.contains([',', '.']);
    Some((counted, tail(place)?)).filter(|_| plain)
}

fn when_does(parts: &Parts<'_>) -> Option<(String, String)> {
    let time = parts.answer.starts_with(|c: char| c.is_ascii_digit())
        || matches!(parts.answer, "noon" | "midnight")
        || matches!(
            names::kind(parts.answer.split(' ').next_back().unwrap_or_default()),
            Some("month" | "weekday")
        );
    let verb = parts.verb.strip_suffix('s').unwrap_or(parts.verb);
    let alone = parts.rest.is_empty();
    (time && alone)
        .then(|| (format!("When {} {} {verb}?", helper(parts.verb), parts.subject), parts.answer.to_owned()))
}

fn passive(parts: &Parts<'_>) -> Option<(String, String)> {
    let (be, participle) = parts.verb.split_once(' ')?;
    let known = ["held", "located", "based", "kept", "built", "sold", "made"].contains(&participle)
        || verbs::of_past(participle).is_some();
    let last = parts.answer.rsplit(' ').next().unwrap_or_default();
    let dated = last.len() == 4 && last.bytes().all(|byte| byte.is_ascii_digit());
    let word = match (parts.link, names::kind(last)) {
        (_, Some("month" | "weekday")) => "When",
        ("in" | "on" | "at", _) if dated => "When",
        ("in" | "at", Some("city" | "country")) => "Where",
        _ => return None,
    };
    known.then(|| (format!("{word} {be} {} {participle}?", parts.subject), parts.answer.to_owned()))
}

fn who(parts: &Parts<'_>) -> Option<(String, String)> {
    let mut words = parts.subject.split(' ');
    let person = words.clone().any(|word| matches!(names::kind(word), Some("person" | "surname")))
        || words
            .next()
            .is_some_and(|word| matches!(word.trim_end_matches('.'), "Dr" | "Mr" | "Mrs" | "Ms" | "Prof"));
    let finite = verbs::of_past(parts.verb).is_some() || verbs::of_third(parts.verb).is_some();
    let rest = parts.rest.split([',', ';']).next().unwrap_or_default();
    let refers = rest.split(' ').any(|word| matches!(word, "his" | "her" | "their" | "himself" | "herself"));
    (person && finite && !refers).then(|| (format!("Who {} {rest}?", parts.verb), parts.subject.clone()))
}

fn what_is(parts: &Parts<'_>) -> Option<(String, String)> {
    let person = names::kind(parts.answer.split(' ').next().unwrap_or_default()) == Some("person");
    let word = if person { "Who" } else { "What" };
    let short = parts.subject.split(' ').count() <= 8;
    short.then(|| (format!("{word} {} {}?", parts.verb, parts.subject), parts.answer.to_owned()))
}

fn when_did(parts: &Parts<'_>) -> Option<(String, String)> {
    let verb = verbs::of_past(parts.verb)?;
    let rest = parts.rest.split([',', ';']).next().unwrap_or_default();
    Some((format!("When did {} {}{rest}?", parts.subject, verb.base), parts.answer.to_owned()))
}
