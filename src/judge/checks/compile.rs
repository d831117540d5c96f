//! From an entry of `expect` to the checks it asks for, in the order of the fields of [`Expect`].

use super::bounds::{self, Counted};
use super::{Check, Command, calls, cites, json, label, number, schema, text};
use crate::judge::context::JudgeContext;
use crate::judge::error::{CheckError, JudgeError};
use crate::judge::model::Seat;
use crate::judge::references::References;
use crate::suite::schema::{Expect, OneOrMany};
use std::sync::Arc;

/// A check ready to be asked.
#[derive(Debug)]
pub(in crate::judge) struct Compiled {
    /// Its key in the suite, with `not` before it where it is inverted.
    pub(in crate::judge) name: String,
    /// Whether it must not hold.
    pub(in crate::judge) inverted: bool,
    /// What it looks at.
    pub(in crate::judge) scope: Scope,
    /// How it is asked.
    pub(in crate::judge) kind: Kind,
}

/// How a check is asked.
#[derive(Debug)]
pub(in crate::judge) enum Kind {
    /// It follows from the answer.
    Direct(Box<dyn Check>),
    /// A program is run.
    Command(Command),
    /// A model is asked, once no check has failed.
    Model(Arc<Seat>),
}

/// What a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum Scope {
    /// One answer.
    Turn,
    /// The case as a whole: asked once, whatever turns are judged.
    Case,
}

/// What the checks are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum Use {
    /// Verdicts.
    Verdict,
    /// Deciding what the user says next: from the answer alone, and at once.
    When,
}

/// Compiles an entry of `expect`; `entry` is its number where there are several.
pub(in crate::judge) fn compile(
    expect: &Expect,
    context: &JudgeContext,
    used: Use,
    entry: Option<usize>,
) -> Result<Vec<Compiled>, JudgeError> {
    let mut compiler = Compiler { context, used, entry, compiled: Vec::new() };
    if used == Use::When && expect.at.is_some() {
        return Err(compiler.error("at", CheckError::MisplacedAt));
    }
    compiler.table(expect, Frame { ignore_case: false, inverted: false, prefix: String::new() })?;
    Ok(compiler.compiled)
}

struct Compiler<'a> {
    context: &'a JudgeContext,
    used: Use,
    entry: Option<usize>,
    compiled: Vec<Compiled>,
}

/// What the tables around a table say.
struct Frame {
    ignore_case: bool,
    inverted: bool,
    prefix: String,
}

impl Compiler<'_> {
    fn error(&self, name: &str, problem: CheckError) -> JudgeError {
        let place = match self.entry {
            None => format!("`{name}`"),
            Some(entry) => format!("`{name}` in entry {entry} of `expect`"),
        };
        JudgeError { place, problem }
    }

    fn add(
        &mut self,
        frame: &Frame,
        key: &str,
        scope: Scope,
        kind: Result<Kind, CheckError>,
    ) -> Result<(), JudgeError> {
        let name = format!("{}{key}", frame.prefix);
        match kind {
            Ok(kind) => {
                self.compiled.push(Compiled { name, inverted: frame.inverted, scope, kind });
                Ok(())
            }
            Err(problem) => Err(self.error(&name, problem)),
        }
    }

    /// Adds a check of the answer.
    fn answer(
        &mut self,
        frame: &Frame,
        key: &str,
        check: Result<Box<dyn Check>, CheckError>,
    ) -> Result<(), JudgeError> {
        self.add(frame, key, Scope::Turn, check.map(Kind::Direct))
    }

    /// Refuses what depends on more than the answer where that is all that may count.
    fn only_for_verdicts(&self, key: &'static str) -> Result<(), CheckError> {
        if self.used == Use::When { Err(CheckError::NotInWhen(key)) } else { Ok(()) }
    }

    fn table(&mut self, expect: &Expect, around: Frame) -> Result<(), JudgeError> {
        let frame = &Frame { ignore_case: around.ignore_case || expect.ignore_case, ..around };
        self.references(expect, frame)?;
        self.texts(expect, frame)?;
        if let Some(labels) = &expect.label {
            self.answer(frame, "label", label::label(labels.as_slice()))?;
        }
        if let Some(texts) = &expect.one_of {
            self.answer(frame, "one_of", text::one_of(texts, frame.ignore_case))?;
        }
        if let Some(spec) = &expect.number {
            self.answer(frame, "number", number::number(spec))?;
        }
        if let Some(spec) = &expect.json_schema {
            self.answer(frame, "json_schema", schema::schema(spec, self.context))?;
        }
        if let Some(specs) = &expect.json {
            self.filled(frame, "json", specs.as_slice())?;
            for spec in specs.as_slice() {
                self.answer(frame, "json", json::json(spec, self.context))?;
            }
        }
        self.bounds(expect, frame)?;
        if let Some(spec) = &expect.cites {
            self.answer(frame, "cites", cites::cites(spec))?;
        }
        if let Some(specs) = &expect.calls {
            self.filled(frame, "calls", specs.as_slice())?;
            for spec in specs.as_slice() {
                self.answer(frame, "calls", calls::call(spec))?;
            }
        }
        if let Some(spec) = &expect.command {
            let command =
                self.only_for_verdicts("command").and_then(|()| Command::new(spec, &self.context.root));
            self.add(frame, "command", Scope::Turn, command.map(Kind::Command))?;
        }
        self.models(expect, frame)?;
        match &expect.not {
            None => Ok(()),
            Some(inner) => {
                let prefix = format!("{}not ", frame.prefix);
                if inner.at.is_some() {
                    return Err(self.error(&format!("{prefix}at"), CheckError::MisplacedAt));
                }
                self.table(inner, Frame { ignore_case: frame.ignore_case, inverted: !frame.inverted, prefix })
            }
        }
    }

    /// Judges that are models have verdicts under their own names.
    fn models(&mut self, expect: &Expect, frame: &Frame) -> Result<(), JudgeError> {
        if let Some(OneOrMany::Many(names)) = &expect.judge {
            self.filled(frame, "judge", names)?;
        }
        for name in expect.judge.as_ref().map_or(&[][..], OneOrMany::as_slice) {
            let seat = self.only_for_verdicts("judge").and_then(|()| self.context.seat(name));
            self.add(frame, name, Scope::Turn, seat.map(Kind::Model))?;
        }
        Ok(())
    }

    /// What is measured makes no check, and has to be sound all the same.
    fn references(&self, expect: &Expect, frame: &Frame) -> Result<(), JudgeError> {
        let given = [
            ("reference", expect.reference.is_some()),
            ("relevant", expect.relevant.is_some()),
            ("measures", expect.measures.is_some()),
        ];
        let misplaced = self.used == Use::When || !frame.prefix.is_empty();
        if let Some((key, _)) = given.into_iter().find(|(_, given)| *given && misplaced) {
            return Err(self.error(&format!("{}{key}", frame.prefix), CheckError::MisplacedReference));
        }
        match References::of(std::slice::from_ref(expect)) {
            Ok(_) => Ok(()),
            Err((key, problem)) => Err(self.error(key, problem)),
        }
    }

    fn texts(&mut self, expect: &Expect, frame: &Frame) -> Result<(), JudgeError> {
        let ignore_case = frame.ignore_case;
        if let Some(value) = &expect.equals {
            self.answer(frame, "equals", text::equals(value, ignore_case))?;
        }
        if let Some(text) = &expect.contains {
            self.answer(frame, "contains", text::contains_all(std::slice::from_ref(text), ignore_case))?;
        }
        if let Some(texts) = &expect.contains_all {
            self.answer(frame, "contains_all", text::contains_all(texts, ignore_case))?;
        }
        if let Some(texts) = &expect.contains_any {
            self.answer(frame, "contains_any", text::contains_any(texts, ignore_case))?;
        }
        if let Some(texts) = &expect.excludes {
            self.answer(frame, "excludes", text::excludes(texts.as_slice(), ignore_case))?;
        }
        if let Some(text) = &expect.starts_with {
            self.answer(frame, "starts_with", text::starts_with(text, ignore_case))?;
        }
        if let Some(pattern) = &expect.matches {
            self.answer(frame, "matches", text::matches(pattern, self.context))?;
        }
        Ok(())
    }

    fn bounds(&mut self, expect: &Expect, frame: &Frame) -> Result<(), JudgeError> {
        for (key, bounds, counted) in [
            ("words", expect.words, Counted::Words),
            ("sentences", expect.sentences, Counted::Sentences),
            ("characters", expect.characters, Counted::Characters),
        ] {
            if let Some(bounds) = bounds {
                self.answer(frame, key, bounds::count(counted, bounds))?;
            }
        }
        if let Some(bounds) = expect.latency {
            let check = self.only_for_verdicts("latency").and_then(|()| bounds::latency(bounds));
            self.answer(frame, "latency", check)?;
        }
        if let Some(bounds) = expect.cost {
            let check = self.only_for_verdicts("cost").and_then(|()| bounds::cost(bounds));
            self.add(frame, "cost", Scope::Case, check.map(Kind::Direct))?;
        }
        if let Some(bounds) = expect.turns {
            let check = bounds::count(Counted::Turns, bounds);
            self.add(frame, "turns", Scope::Case, check.map(Kind::Direct))?;
        }
        Ok(())
    }

    /// A list without elements would ask for nothing and be taken for a check.
    fn filled<T>(&self, frame: &Frame, key: &str, list: &[T]) -> Result<(), JudgeError> {
        if list.is_empty() {
            return Err(self.error(&format!("{}{key}", frame.prefix), CheckError::EmptyList));
        }
        Ok(())
    }
}
