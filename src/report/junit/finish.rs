//! Puts right what `junit-report` cannot say: totals, times to three decimals, skipped counts,
//! properties, lines, and a line of the file for each test.

use super::model::{Counts, Document, Group, Test};
use super::{JunitError, Profile};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

/// The document that `junit-report` wrote, finished.
pub(super) fn finish(xml: &[u8], document: &Document, profile: Profile) -> Result<String, JunitError> {
    let mut finisher = Finisher {
        writer: Writer::new_with_indent(Vec::with_capacity(xml.len() + xml.len() / 4), b' ', 1),
        document,
        profile,
        groups: document.groups.iter(),
        tests: [].iter(),
        seen: 0,
    };
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Eof => break,
            Event::Start(element) => finisher.element(&element, false),
            Event::Empty(element) => finisher.element(&element, true),
            event => finisher.write(event),
        }
        .map_err(JunitError::Memory)?;
        buffer.clear();
    }
    let expected = document.counts().tests;
    if finisher.seen != expected {
        return Err(JunitError::Mismatch { expected, found: finisher.seen });
    }
    let mut bytes = finisher.writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| JunitError::Memory(std::io::Error::other(error)))
}

struct Finisher<'a> {
    writer: Writer<Vec<u8>>,
    document: &'a Document,
    profile: Profile,
    groups: std::slice::Iter<'a, Group>,
    tests: std::slice::Iter<'a, Test>,
    seen: usize,
}

impl Finisher<'_> {
    fn write<'e>(&mut self, event: impl Into<Event<'e>>) -> std::io::Result<()> {
        self.writer.write_event(event)
    }

    fn element(&mut self, element: &BytesStart, empty: bool) -> std::io::Result<()> {
        match element.name().as_ref() {
            b"testsuites" => {
                let finished = self.root();
                self.open(finished, &[], empty)
            }
            b"testsuite" => match self.groups.next() {
                Some(group) => {
                    self.tests = group.tests.iter();
                    self.open(self.group(group, element), &group.properties, empty)
                }
                None => self.copy(element, empty),
            },
            b"testcase" => {
                self.seen += 1;
                match self.tests.next() {
                    Some(test) => {
                        let properties = match self.profile {
                            Profile::Default => test.properties.as_slice(),
                            Profile::Jenkins => &[],
                        };
                        self.open(self.test(test, element), properties, empty)
                    }
                    None => self.copy(element, empty),
                }
            }
            _ => self.copy(element, empty),
        }
    }

    fn copy(&mut self, element: &BytesStart, empty: bool) -> std::io::Result<()> {
        let element = element.borrow();
        self.write(if empty { Event::Empty(element) } else { Event::Start(element) })
    }

    /// Writes a start tag, and the properties that follow it.
    fn open(
        &mut self,
        element: BytesStart,
        properties: &[(&str, String)],
        empty: bool,
    ) -> std::io::Result<()> {
        if properties.is_empty() {
            return self.write(if empty { Event::Empty(element) } else { Event::Start(element) });
        }
        let end = element.to_end().into_owned();
        self.write(Event::Start(element))?;
        let list = BytesStart::new("properties");
        self.write(Event::Start(list.borrow()))?;
        for (name, value) in properties {
            let pair = [("name", *name), ("value", value.as_str())];
            self.write(Event::Empty(BytesStart::new("property").with_attributes(pair)))?;
        }
        self.write(Event::End(list.to_end()))?;
        if empty { self.write(Event::End(end)) } else { Ok(()) }
    }

    fn root(&self) -> BytesStart<'static> {
        let counts = self.document.counts();
        let mut root = BytesStart::new("testsuites");
        root.push_attribute(("name", "holdline"));
        push_counts(&mut root, counts);
        if self.profile == Profile::Default {
            root.push_attribute(("skipped", counts.skipped.to_string().as_str()));
        }
        root.push_attribute(("time", seconds(counts.millis).as_str()));
        root
    }

    fn group(&self, group: &Group, written: &BytesStart) -> BytesStart<'static> {
        let counts = group.counts();
        let mut element = BytesStart::new("testsuite");
        element.push_attribute(("name", group.name.as_str()));
        push_counts(&mut element, counts);
        element.push_attribute(("skipped", counts.skipped.to_string().as_str()));
        element.push_attribute(("time", seconds(counts.millis).as_str()));
        if self.document.started.is_some() {
            keep(&mut element, written, b"timestamp");
        }
        keep(&mut element, written, b"id");
        if let Some(file) = &group.file {
            element.push_attribute(("file", file.as_str()));
        }
        element
    }

    fn test(&self, test: &Test, written: &BytesStart) -> BytesStart<'static> {
        let mut element = BytesStart::new("testcase");
        keep(&mut element, written, b"name");
        keep(&mut element, written, b"classname");
        element.push_attribute(("time", seconds(test.millis).as_str()));
        if self.profile == Profile::Default {
            keep(&mut element, written, b"file");
            if let Some(line) = test.line {
                element.push_attribute(("line", line.to_string().as_str()));
            }
        }
        element
    }
}

/// Carries an attribute over as it was written.
fn keep(element: &mut BytesStart<'static>, written: &BytesStart, name: &[u8]) {
    let found = written.attributes().flatten().find(|attribute| attribute.key.as_ref() == name);
    if let Some(attribute) = found {
        element.push_attribute(attribute);
    }
}

fn push_counts(element: &mut BytesStart, counts: Counts) {
    element.push_attribute(("tests", counts.tests.to_string().as_str()));
    element.push_attribute(("failures", counts.failures.to_string().as_str()));
    element.push_attribute(("errors", counts.errors.to_string().as_str()));
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}
