//! What is kept of an answer beside a baseline: enough to show it, to compare with it, and to judge it again.

use crate::judge::Outcome;
use crate::run::Graded;
use crate::target::{Answer, Retrieved, TargetError, ToolCall, Turn, Usage};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Bytes that are kept of one text.
pub const TEXT_LIMIT: usize = 16 << 10;

/// Bytes that are kept of all that an answer has beside its input, output, label and reason.
pub const REST_LIMIT: usize = 128 << 10;

/// Most bytes of the mark behind a text that was cut.
const MARK: usize = 64;

/// Behind a text that was cut stands how much of how much was kept.
const CUT: &str = "… [cut: ";

/// What a case was asked and what came of it. Secrets are redacted already; the answer is untrusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// The scenario's id and the case's name, as people know it.
    pub name: String,
    /// What the application was asked first.
    pub input: Value,
    /// What it answered last; `None` where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The label it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the case came to.
    pub outcome: Outcome,
    /// Why, in a line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How much of what was said is here.
    #[serde(default, skip_serializing_if = "Extent::is_whole")]
    pub extent: Extent,
    /// The rest of what was said.
    #[serde(flatten)]
    pub rest: Rest,
}

/// How much of what was said is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// Everything that can be judged.
    #[default]
    Whole,
    /// A text was cut at [`TEXT_LIMIT`].
    Cut,
    /// Input, output and label alone: there was more than [`REST_LIMIT`] beside them, or the file is of a
    /// format that keeps no more.
    Outline,
}

/// What was said beside the first input, and the last output and label. Times are not here: they belong to a
/// host.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rest {
    /// Texts the last answer rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<String>,
    /// Ids retrieved for it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retrieved: Vec<Retrieved>,
    /// Tools called for it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<ToolCall>,
    /// Tokens it used, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The model that gave it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What the user said last, in a conversation of several turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Value>,
    /// The turns before the last, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Turn>,
    /// Why the next answer did not come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<TargetError>,
}

impl Extent {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    const fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

impl KeptAnswer {
    /// What is kept of what came of a case, with its name, what it was asked first, and why it came to that.
    pub fn of(name: String, input: Value, graded: Graded, reason: String) -> Self {
        let Graded { transcript, outcome, .. } = graded;
        let mut before: Vec<Turn> = transcript.turns.into_iter().map(untimed).collect();
        let last = before.pop();
        let user = last.as_ref().filter(|_| !before.is_empty()).map(|turn| turn.user.clone());
        let error = transcript.error.map(|error| TargetError { attempts: Vec::new(), ..error });
        let (mut output, mut label, mut rest) = (None, None, Rest { user, before, error, ..Rest::default() });
        if let Some(Turn { answer, .. }) = last {
            (output, label) = (Some(answer.output), answer.label);
            let Answer { contexts, retrieved, calls, usage, model, .. } = answer;
            rest = Rest { contexts, retrieved, calls, usage, model, ..rest };
        }
        Self { name, input, output, label, outcome, reason, extent: Extent::Whole, rest }
    }

    /// The turns of what was said, oldest first; none where nothing was answered.
    pub fn turns(&self) -> Vec<Turn> {
        let Some(output) = self.output.clone() else { return Vec::new() };
        let Rest { contexts, retrieved, calls, usage, model, .. } = self.rest.clone();
        let label = self.label.clone();
        let answer = Answer { output, label, contexts, retrieved, calls, usage, model, ..Answer::default() };
        let user = self.rest.user.as_ref().unwrap_or(&self.input).clone();
        self.rest.before.iter().cloned().chain([Turn { user, answer }]).collect()
    }

    /// The same without what is over the limits.
    pub(super) fn cut(mut self) -> Self {
        let mut any = cut_value(&mut self.input);
        for text in self.output.iter_mut().chain(&mut self.label) {
            any |= cut(text);
        }
        any |= self.rest.cut();
        // A reason that was cut can still be had: it is what is judged anew.
        cut(&mut self.reason);
        if any && self.extent == Extent::Whole {
            self.extent = Extent::Cut;
        }
        if json_length(&self.rest) > REST_LIMIT {
            let error = self.rest.error.take();
            (self.rest, self.extent) = (Rest { error, ..Rest::default() }, Extent::Outline);
        }
        self
    }

    /// An answer as the first format has it, which marks what was cut in the text and keeps no more than input,
    /// output and label.
    pub(super) fn outlined(self) -> Self {
        let texts =
            self.input.as_str().into_iter().chain(self.output.as_deref()).chain(self.label.as_deref());
        let is_cut = texts.into_iter().any(is_cut);
        Self { extent: if is_cut { Extent::Cut } else { Extent::Outline }, ..self }
    }
}

impl Rest {
    /// Cuts the texts that are over the limit; whether there was any.
    fn cut(&mut self) -> bool {
        let mut any = false;
        for text in self.contexts.iter_mut().chain(&mut self.model) {
            any |= cut(text);
        }
        for call in &mut self.calls {
            any |= cut_value(&mut call.arguments);
        }
        if let Some(user) = &mut self.user {
            any |= cut_value(user);
        }
        for Turn { user, answer } in &mut self.before {
            any |= cut_value(user);
            for text in [&mut answer.output].into_iter().chain(&mut answer.label).chain(&mut answer.contexts)
            {
                any |= cut(text);
            }
            for call in &mut answer.calls {
                any |= cut_value(&mut call.arguments);
            }
        }
        any
    }
}

/// A turn without what is of its run alone.
fn untimed(turn: Turn) -> Turn {
    let Turn { user, answer } = turn;
    let answer =
        Answer { latency_ms: None, first_token_ms: None, attempts: Vec::new(), cached: false, ..answer };
    Turn { user, answer }
}

/// Keeps the first [`TEXT_LIMIT`] bytes, with a mark that says so; whether it was longer.
fn cut(text: &mut String) -> bool {
    let length = text.len();
    if length <= TEXT_LIMIT {
        return false;
    }
    // What was cut before is not cut again.
    if length <= TEXT_LIMIT + MARK && is_cut(text) {
        return true;
    }
    text.truncate(text.floor_char_boundary(TEXT_LIMIT));
    let mark = format!("{CUT}{} of {length} bytes]", text.len());
    text.push_str(&mark);
    true
}

/// The same of any value, which becomes its text where it is longer.
fn cut_value(value: &mut Value) -> bool {
    match value {
        Value::String(text) => cut(text),
        other => {
            let mut text = other.to_string();
            let longer = cut(&mut text);
            if longer {
                *other = Value::String(text);
            }
            longer
        }
    }
}

/// Whether a text bears the mark of one that was cut.
fn is_cut(text: &str) -> bool {
    text.len() > TEXT_LIMIT - 4 && text.ends_with(" bytes]") && text.rfind(CUT).is_some()
}

fn json_length(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(0, |text| text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::run::Transcript;
    use crate::target::TargetErrorKind;
    use serde_json::json;

    fn graded(turns: Vec<Turn>, error: Option<TargetError>) -> Graded {
        let case = CaseId::of(&[b"a"]);
        let transcript = Transcript { case, repeat: 0, turns, error, cost: None };
        Graded { transcript, verdicts: Vec::new(), outcome: Outcome::Pass }
    }

    fn full(output: &str) -> Answer {
        Answer {
            output: output.to_owned(),
            label: Some("l".to_owned()),
            contexts: vec!["a passage".to_owned()],
            retrieved: vec![Retrieved { id: "d1".to_owned(), score: Some(0.5) }],
            calls: vec![ToolCall { name: "look_up".to_owned(), arguments: json!({"order": 7}) }],
            usage: Some(Usage { input_tokens: 3, output_tokens: 4 }),
            model: Some("small-3".to_owned()),
            ..Answer::default()
        }
    }

    fn turn(user: &str, answer: Answer) -> Turn {
        Turn { user: user.into(), answer }
    }

    #[test]
    fn a_conversation_comes_back_as_it_was_said_without_its_times() {
        let said = vec![turn("one", full("first")), turn("two", full("second"))];
        let mut timed = said.clone();
        for turn in &mut timed {
            turn.answer.latency_ms = Some(12.0);
            turn.answer.cached = true;
        }
        let kept = KeptAnswer::of("s::n".to_owned(), "one".into(), graded(timed, None), String::new());
        let line = serde_json::to_string(&kept).unwrap();
        assert!(!line.contains("latency") && !line.contains("cached"), "{line}");
        let read: KeptAnswer = serde_json::from_str(&line).unwrap();
        assert_eq!((read.turns(), read.extent), (said, Extent::Whole));
    }

    #[test]
    fn what_was_not_answered_keeps_its_error() {
        let error = TargetError::new(TargetErrorKind::Timeout, "no answer within 30s");
        let kept = KeptAnswer::of(
            "s::n".to_owned(),
            "one".into(),
            graded(Vec::new(), Some(error.clone())),
            String::new(),
        );
        assert_eq!((kept.turns(), kept.rest.error), (Vec::new(), Some(error)));
    }

    #[test]
    fn a_text_over_the_limit_is_cut_and_told_wherever_it_stands() {
        let long = "ü".repeat(TEXT_LIMIT / 2 + 1);
        let with = |change: fn(&mut KeptAnswer, String)| {
            let said = vec![turn("one", full("first")), turn("two", full("second"))];
            let mut kept = KeptAnswer::of("s::n".to_owned(), "one".into(), graded(said, None), String::new());
            change(&mut kept, long.clone());
            kept.cut()
        };
        let changes: [fn(&mut KeptAnswer, String); 7] = [
            |kept, long| kept.input = json!({ "text": long }),
            |kept, long| kept.output = Some(long),
            |kept, long| kept.label = Some(long),
            |kept, long| kept.rest.contexts[0] = long,
            |kept, long| kept.rest.calls[0].arguments = long.into(),
            |kept, long| kept.rest.user = Some(long.into()),
            |kept, long| kept.rest.before[0].answer.output = long,
        ];
        for change in changes {
            let kept = with(change);
            assert_eq!(kept.extent, Extent::Cut);
            assert!(serde_json::to_string(&kept).unwrap().contains("… [cut: 1638"));
        }
        assert_eq!(with(|kept, long| kept.reason = long).extent, Extent::Whole);
        assert_eq!(with(|_, _| ()).extent, Extent::Whole);
    }

    #[test]
    fn what_was_cut_stays_as_it_is() {
        let mut text = "x".repeat(TEXT_LIMIT + 1);
        assert!(cut(&mut text));
        let once = text.clone();
        assert!(cut(&mut text));
        assert_eq!(text, once);
        // A mark does not make a long text short.
        let mut forged = "y".repeat(2 * TEXT_LIMIT) + "… [cut: 1 of 2 bytes]";
        assert!(cut(&mut forged));
        assert!(forged.len() <= TEXT_LIMIT + MARK);
    }

    #[test]
    fn of_an_answer_with_too_much_beside_it_the_outline_is_kept() {
        let mut answer = full("first");
        answer.contexts = vec!["x".repeat(TEXT_LIMIT); REST_LIMIT / TEXT_LIMIT];
        let kept = KeptAnswer::of(
            "s::n".to_owned(),
            "one".into(),
            graded(vec![turn("one", answer)], None),
            String::new(),
        );
        let kept = kept.cut();
        assert_eq!((kept.extent, kept.rest), (Extent::Outline, Rest::default()));
        assert_eq!((kept.output.as_deref(), kept.label.as_deref()), (Some("first"), Some("l")));
    }
}
