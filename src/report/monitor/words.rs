//! Text for people before it is known where it is shown: words of ours, and outside text, which is escaped there.

/// A text made of parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(pub Vec<Part>);

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words of ours.
    Ours(String),
    /// Text of the log, a suite or a judge.
    Outside(String),
}

impl Words {
    /// Words of ours.
    pub fn ours(text: impl Into<String>) -> Self {
        Self(vec![Part::Ours(text.into())])
    }

    /// Outside text.
    pub fn outside(text: impl Into<String>) -> Self {
        Self(vec![Part::Outside(text.into())])
    }

    /// With words of ours behind it.
    #[must_use]
    pub fn say(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Ours(text.into()));
        self
    }

    /// With outside text behind it.
    #[must_use]
    pub fn quote(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Outside(text.into()));
        self
    }

    /// In one text, each part made safe.
    pub fn with(&self, ours: impl Fn(&str) -> String, outside: impl Fn(&str) -> String) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Ours(text) => ours(text),
                Part::Outside(text) => outside(text),
            })
            .collect()
    }
}

/// A part of the report.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// What it is about.
    pub title: Words,
    /// How it is coloured.
    pub mood: Mood,
    /// Lines, each with a label that may be empty.
    pub lines: Vec<Line>,
}

/// A line of a section.
#[derive(Debug, Clone)]
pub struct Line {
    /// A word or two before it.
    pub label: Words,
    /// How the label is coloured.
    pub mood: Mood,
    /// The line.
    pub text: Words,
    /// A text of several lines below it, as it stands.
    pub block: Option<String>,
}

/// Whether something is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// It is.
    Good,
    /// It is not.
    Bad,
    /// It should be looked at.
    Warning,
    /// Neither.
    #[default]
    Plain,
}

impl Section {
    /// A section without lines.
    pub fn new(title: Words) -> Self {
        Self { title, ..Self::default() }
    }

    /// A line.
    pub fn line(&mut self, label: Words, text: Words) {
        self.lines.push(Line { label, mood: Mood::Plain, text, block: None });
    }

    /// A line whose label is coloured.
    pub fn coloured(&mut self, label: Words, mood: Mood, text: Words) {
        self.lines.push(Line { label, mood, text, block: None });
    }
}
