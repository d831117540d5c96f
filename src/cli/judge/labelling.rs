//! The labelling of answers on a terminal: one letter a verdict, notes, undo; every label is on the disk before
//! the next answer is shown.

use crate::cli::typed::line;
use crate::judge::Outcome;
use crate::judge::model::Question;
use crate::report::escape::{terminal, terminal_line};
use crate::suite::labels::{Label, LabelFile};
use serde_json::Value;
use std::io::{BufRead, Write};

/// Who labels, and what.
pub struct Session<'a> {
    /// The question with its verdicts.
    pub question: &'a Question,
    /// Who labels.
    pub labeller: &'a str,
    /// The day, as the labels carry it.
    pub today: jiff::civil::Date,
}

enum Answer {
    Verdict(String),
    Note(String),
    Skip,
    Undo,
    Quit,
}

impl Session<'_> {
    /// Goes through the answers and gives how many were labelled.
    pub fn run(
        &self,
        answers: &[Label],
        file: &mut LabelFile,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> std::io::Result<usize> {
        let keys = self.keys();
        writeln!(output, "{}\n", terminal_line(&self.question.text))?;
        for (key, word, meaning) in &keys {
            writeln!(output, "  {key}  {}: {}", terminal_line(word), terminal_line(meaning))?;
        }
        writeln!(output, "  n  add a note, s  skip, u  undo, q  quit\n")?;
        let (mut at, mut made, mut note) = (0, Vec::new(), None);
        while let Some(answer) = answers.get(at) {
            show(answer, (at + 1, answers.len()), output)?;
            match ask(&keys, input, output)? {
                Answer::Verdict(word) => {
                    file.add(Label {
                        label: word,
                        labeller: self.labeller.to_owned(),
                        date: self.today,
                        note: note.take().or_else(|| answer.note.clone()),
                        ..answer.clone()
                    })?;
                    made.push(at);
                    at += 1;
                }
                Answer::Note(text) => note = Some(text),
                Answer::Skip => {
                    note = None;
                    at += 1;
                }
                Answer::Undo => match made.pop() {
                    Some(last) => {
                        file.take_back()?;
                        note = None;
                        at = last;
                    }
                    None => writeln!(output, "nothing was labelled yet")?,
                },
                Answer::Quit => break,
            }
        }
        if answers.is_empty() {
            writeln!(output, "Everything that was asked for is labelled.")?;
        }
        Ok(made.len())
    }

    /// A key for each verdict that a person may give: its first letter where no other has it, else its number.
    fn keys(&self) -> Vec<(char, String, String)> {
        let verdicts: Vec<_> =
            self.question.verdicts.iter().filter(|verdict| verdict.outcome != Outcome::CannotJudge).collect();
        let first = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
        let is_plain = verdicts.iter().all(|verdict| {
            let key = first(&verdict.word);
            let others = verdicts.iter().filter(|other| first(&other.word) == key).count();
            others == 1 && key.is_some_and(|key| key.is_ascii_alphanumeric() && !"nsuq".contains(key))
        });
        let key = |at: usize, word: &str| match first(word) {
            Some(key) if is_plain => key,
            _ => char::from_digit(u32::try_from(at + 1).unwrap_or(0), 36).unwrap_or('?'),
        };
        let of = |(at, verdict): (usize, &&crate::judge::model::VerdictWord)| {
            (key(at, &verdict.word), verdict.word.clone(), verdict.meaning.clone())
        };
        verdicts.iter().enumerate().map(of).collect()
    }
}

/// Shows an answer, and nothing of what any judge said.
fn show(label: &Label, (at, of): (usize, usize), output: &mut dyn Write) -> std::io::Result<()> {
    let scenario =
        label.scenario.as_deref().map_or_else(String::new, |of| format!("  {}", terminal_line(of)));
    let input = match &label.input {
        Value::String(text) => terminal(text),
        other => terminal(&other.to_string()),
    };
    writeln!(output, "[{at}/{of}]{scenario}\nasked:  {input}\nanswer: {}", terminal(&label.output))?;
    for right in label.references() {
        writeln!(output, "right:  {}", terminal(right))?;
    }
    for context in &label.contexts {
        writeln!(output, "from:   {}", terminal(context))?;
    }
    Ok(())
}

fn ask(
    keys: &[(char, String, String)],
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> std::io::Result<Answer> {
    let letters: Vec<String> = keys.iter().map(|(key, ..)| key.to_string()).collect();
    let letters = letters.join("/");
    loop {
        write!(output, "[{letters}/n/s/u/q] ")?;
        output.flush()?;
        let Some(typed) = line(input)? else {
            writeln!(output)?;
            return Ok(Answer::Quit);
        };
        let mut letters = typed.chars();
        let (key, rest) = (letters.next().map(|c| c.to_ascii_lowercase()), letters.as_str().trim());
        match (key, rest) {
            (Some('n'), "") => {
                write!(output, "note: ")?;
                output.flush()?;
                return Ok(line(input)?.map_or(Answer::Quit, Answer::Note));
            }
            (Some('s'), "") => return Ok(Answer::Skip),
            (Some('u'), "") => return Ok(Answer::Undo),
            (Some('q'), "") => return Ok(Answer::Quit),
            (Some(key), "") => {
                if let Some((_, word, _)) = keys.iter().find(|(known, ..)| *known == key) {
                    return Ok(Answer::Verdict(word.clone()));
                }
            }
            _ => {}
        }
        writeln!(output, "write one of the letters")?;
    }
}
