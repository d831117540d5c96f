//! Questions become statements that their answer is not wanted: "Where is it?" – "I don't want to know
//! where it is."

use super::request::{Change, View};
use super::sentence::{capitalised, uncapitalised};
use super::verbs;
use crate::expand::stream::Stream;

const PREFIXES: &[&str] =
    &["I don't want to know", "I don't need to know", "don't tell me", "no need to tell me"];
const PRONOUNS: &[&str] = &["i", "we", "you", "they", "he", "she", "it", "there", "this", "that"];
const OPEN: &[&str] = &["what", "who", "when", "where", "why", "how", "which", "whose"];
const BE: &[&str] = &["is", "are", "was", "were"];
const DO: &[&str] = &["do", "does", "did"];
const MODALS: &[&str] = &["can", "could", "should", "would", "will", "must"];
/// Words before which a base form is no verb of the question.
const BEFORE_NOUNS: &[&str] =
    &["the", "a", "an", "my", "our", "your", "his", "her", "its", "their", "this", "that", "of", "to", "for"];
/// Most words between a question word and its auxiliary: "how many open action items did".
const REACH: usize = 5;

/// Whether a sentence is a question by the words that it begins with.
pub fn begins(view: &View<'_>, at: usize) -> bool {
    let subject = matches!(view.word(at + 1), "i" | "we" | "you" | "they" | "there" | "it" | "he" | "she");
    OPEN.contains(&view.word(at))
        || contracted(view.word(at)).is_some()
        || (subject
            && view.order(at).is_none()
            && (BE.contains(&view.word(at)) || DO.contains(&view.word(at))))
}

/// Says that the answer to a question is not wanted.
pub fn declined(view: &View<'_>, stream: &mut Stream) -> Option<Change> {
    let at = view.begin();
    if view.negated() {
        return None;
    }
    let asks = view.sentence.asks(view.text.text) || begins(view, at);
    let (head, tail) = if OPEN.contains(&view.word(at)) {
        open(view, at)
    } else if contracted(view.word(at)).is_some() {
        contracted_open(view, at)
    } else if asks {
        closed(view, at)
    } else {
        None
    }?;
    let prefix = PREFIXES[stream.index(PREFIXES.len())];
    let first = view.written(at);
    let prefix =
        if first.starts_with(char::is_uppercase) { capitalised(prefix) } else { uncapitalised(prefix) };
    let (to, text) = head;
    let mut change = vec![(view.start(at)..to, format!("{prefix} {text}"))];
    change.extend(tail);
    view.unask(&mut change);
    Some(change)
}

/// The question word in `where's`.
fn contracted(word: &str) -> Option<&str> {
    word.strip_suffix("'s").filter(|word| OPEN.contains(word))
}

/// What stands in the place of the beginning of a question, up to a byte, and what is changed after it.
type Indirect = ((usize, String), Change);

/// A question with a question word.
fn open(view: &View<'_>, at: usize) -> Option<Indirect> {
    let word = view.word(at);
    let next = view.word(at + 1);
    if matches!(next, "about" | "if" | "come" | "") {
        return None;
    }
    let keeps = || Some(((view.end(at), word.to_owned()), Change::new()));
    if BE.contains(&next) {
        return if PRONOUNS.contains(&view.word(at + 2)) {
            Some(((view.end(at + 2), format!("{word} {} {next}", view.written(at + 2))), Change::new()))
        } else if word == "where" {
            placed(view, at + 2, "where", next)
        } else if matches!(word, "what" | "who" | "which") {
            identified(view, at + 2, word, next).or_else(keeps)
        } else {
            None
        };
    }
    let helper =
        (at + 1..=at + REACH).find(|&w| DO.contains(&view.word(w)) || MODALS.contains(&view.word(w)));
    if let Some(helper) = helper {
        let asked = uncapitalised(view.text.text[view.start(at)..view.start(helper)].trim_end());
        if view.word(helper) == "do" && word == "how" && helper == at + 1 {
            let who = matches!(view.word(helper + 1), "i" | "we" | "you");
            return who.then(|| ((view.end(helper + 1), "how to".to_owned()), Change::new()));
        }
        if DO.contains(&view.word(helper)) {
            let verb = inflected(view, helper)?;
            return Some(((view.end(helper), asked), verb));
        }
        let who = view.word(helper + 1);
        return PRONOUNS.contains(&who).then(|| {
            let text = format!("{asked} {} {}", view.written(helper + 1), view.word(helper));
            ((view.end(helper + 1), text), Change::new())
        });
    }
    // The question word is the subject: its order is that of a statement already.
    let finite = |w: usize| verbs::of_past(view.word(w)).is_some();
    if (at + 1..at + 4).any(finite) { keeps() } else { None }
}

/// "where's the file", "what's the plan".
fn contracted_open(view: &View<'_>, at: usize) -> Option<Indirect> {
    match contracted(view.word(at))? {
        "where" if PRONOUNS.contains(&view.word(at + 1)) => {
            Some(((view.end(at + 1), format!("where {} is", view.written(at + 1))), Change::new()))
        }
        "where" => placed(view, at + 1, "where", "is"),
        word => identified(view, at + 1, word, "is")
            .or_else(|| Some(((view.end(at), view.word(at).to_owned()), Change::new()))),
    }
}

/// "what is the capital of Mongolia", where nothing but a name can follow.
fn identified(view: &View<'_>, subject: usize, word: &str, be: &str) -> Option<Indirect> {
    let named = matches!(view.word(subject), "the" | "my" | "our" | "your" | "their");
    let setting = (subject..view.sentence.words.end).any(|w| {
        matches!(view.word(w), "in" | "at" | "on" | "this" | "next" | "like" | "today" | "tomorrow")
    });
    if named && !setting { placed(view, subject, word, be) } else { None }
}

/// "where is the file": the verb goes to the end. Not where another verb form could be its complement.
fn placed(view: &View<'_>, subject: usize, word: &str, be: &str) -> Option<Indirect> {
    let count = view.sentence.words.end.saturating_sub(subject);
    if !(2..=12).contains(&count) {
        return None;
    }
    let end = view.sentence.mark_at(view.text.text);
    let body = view.text.text.get(view.start(subject)..end)?;
    let mut related = false;
    for w in subject..view.sentence.words.end {
        related |= matches!(view.word(w), "that" | "which" | "who");
        let verb = view.word(w).ends_with("ed") || verbs::of_past(view.word(w)).is_some();
        if verb && !related && w > subject + 1 && !BEFORE_NOUNS.contains(&view.word(w - 1)) {
            return None;
        }
    }
    if body.contains([',', ';', '(', ':']) {
        return None;
    }
    Some(((view.end(subject - 1), word.to_owned()), vec![(end..end, format!(" {be}"))]))
}

/// The verb after `do`, `does` or `did` and its subject, in the form that it has without them.
fn inflected(view: &View<'_>, helper: usize) -> Option<Change> {
    let subject = helper + 1;
    let at = if PRONOUNS.contains(&view.word(subject)) {
        subject + 1
    } else {
        (subject + 1..view.sentence.words.end)
            .find(|&w| verbs::of_base(view.word(w)).is_some() && !BEFORE_NOUNS.contains(&view.word(w - 1)))?
    };
    let form = match (view.word(helper), view.word(at)) {
        ("do", "have") => "have".to_owned(),
        ("does", "have") => "has".to_owned(),
        ("did", "have") => "had".to_owned(),
        (helper, base) => {
            let verb = verbs::of_base(base)?;
            match helper {
                "did" => verb.past.clone(),
                "does" => verb.third.clone(),
                _ => base.to_owned(),
            }
        }
    };
    Some(vec![(view.text.words[at].range(), form)])
}

/// A question that is answered by yes or no.
fn closed(view: &View<'_>, at: usize) -> Option<Indirect> {
    let helper = view.word(at);
    let subject = view.word(at + 1);
    if DO.contains(&helper) {
        let verb = inflected(view, at)?;
        return Some(((view.end(at), "whether".to_owned()), verb));
    }
    let known = BE.contains(&helper) || MODALS.contains(&helper) || matches!(helper, "has" | "have" | "am");
    let request = subject == "you" && matches!(helper, "can" | "could" | "will" | "would");
    if !known || request || !PRONOUNS.contains(&subject) || view.word(at + 2).is_empty() {
        return None;
    }
    // "Is this the one" and "is this one": only the first can be turned round without knowing more.
    if matches!(subject, "this" | "that") && !matches!(view.word(at + 2), "the" | "a" | "an") {
        return None;
    }
    let text = format!("whether {} {helper}", view.written(at + 1));
    Some(((view.end(at + 1), text), Change::new()))
}
