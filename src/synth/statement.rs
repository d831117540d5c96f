//! What a person says must hold of an answer, as it is typed: a label, or a table in TOML or JSON.

use crate::suite::schema::{Expect, OneOrMany};

/// Why what was typed is no expectation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Nothing was typed.
    #[error("nothing was said; write a label, or a table such as `{{ contains = \"…\" }}`")]
    Empty,
    /// Neither a label nor a table.
    #[error(
        "`{typed}` is no label of the suite{known}; write a table such as `{{ contains = \"…\" }}` for anything else"
    )]
    Label {
        /// What was typed.
        typed: String,
        /// The labels, as they are told.
        known: String,
    },
    /// A table that cannot be read.
    #[error("this is no expectation: {0}")]
    Shape(String),
    /// A table that says nothing.
    #[error(
        "this has no condition, and every answer would pass; write one, such as `{{ contains = \"…\" }}` or `{{ label = \"…\" }}`"
    )]
    Nothing,
}

/// Reads what was typed: one of the suite's labels, or one table or a list of them, in TOML (`{ contains = "x" }`,
/// or without the braces) or JSON.
pub fn read(typed: &str, labels: &[String]) -> Result<OneOrMany<Box<Expect>>, StatementError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(StatementError::Empty);
    }
    if labels.iter().any(|label| label == typed) {
        return Ok(OneOrMany::One(Box::new(label(typed))));
    }
    let is_table = typed.starts_with(['{', '[']) || typed.contains('=');
    if !is_table {
        return Err(StatementError::Label { typed: typed.to_owned(), known: told(labels) });
    }
    let stated = parse(typed)?;
    check(stated.as_slice(), labels)?;
    Ok(stated)
}

/// That the label is this one.
pub fn label(label: &str) -> Expect {
    Expect { label: Some(OneOrMany::One(label.to_owned())), ..Expect::default() }
}

fn parse(typed: &str) -> Result<OneOrMany<Box<Expect>>, StatementError> {
    #[derive(serde::Deserialize)]
    struct Typed {
        expect: OneOrMany<Box<Expect>>,
    }
    let bare = !typed.starts_with(['{', '[']);
    if !bare && let Ok(stated) = serde_json::from_str::<OneOrMany<Box<Expect>>>(typed) {
        return Ok(stated);
    }
    if bare {
        let table = toml::from_str::<Expect>(typed);
        return table.map(|expect| OneOrMany::One(Box::new(expect))).map_err(|error| shape(typed, &error));
    }
    let document = format!("expect = {typed}");
    if let Ok(typed) = toml::from_str::<Typed>(&document) {
        return Ok(typed.expect);
    }
    // One table says what is wrong with it; a choice between one and several does not.
    let error = toml::from_str::<std::collections::BTreeMap<String, Expect>>(&document);
    Err(error.map_or_else(|error| shape(typed, &error), |_| StatementError::Nothing))
}

fn shape(typed: &str, error: &toml::de::Error) -> StatementError {
    let json = serde_json::from_str::<serde_json::Value>(typed).ok();
    let told = json.map(|value| serde_json::from_value::<Expect>(value).err().map(|error| error.to_string()));
    StatementError::Shape(told.flatten().unwrap_or_else(|| error.message().to_owned()))
}

/// Whether these are conditions, with labels that the suite has. Whether they can be checked is seen once they are
/// filled in.
fn check(stated: &[Box<Expect>], labels: &[String]) -> Result<(), StatementError> {
    // Nothing expected would let every answer pass.
    if stated.is_empty() {
        return Err(StatementError::Nothing);
    }
    for expect in stated {
        let conditions = Expect { ignore_case: false, at: None, measures: None, ..(**expect).clone() };
        if conditions == Expect::default() {
            return Err(StatementError::Nothing);
        }
        let mut named = expect.label.iter().flat_map(OneOrMany::as_slice);
        let is_known = |label: &String| labels.is_empty() || labels.contains(label) || label.contains("{{");
        if let Some(unknown) = named.find(|label| !is_known(label)) {
            return Err(StatementError::Label { typed: unknown.clone(), known: told(labels) });
        }
    }
    Ok(())
}

fn told(labels: &[String]) -> String {
    if labels.is_empty() { String::new() } else { format!(" ({})", labels.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_of(typed: &str) -> Result<OneOrMany<Box<Expect>>, StatementError> {
        read(typed, &["refund".to_owned(), "other".to_owned()])
    }

    #[test]
    fn a_label_a_table_or_several_are_read_as_toml_or_json() {
        let contains = |text: &str| Expect { contains: Some(text.to_owned()), ..Expect::default() };
        for (typed, expected) in [
            ("refund", vec![label("refund")]),
            ("{ contains = \"money\" }", vec![contains("money")]),
            ("contains = \"money\"", vec![contains("money")]),
            ("{\"contains\": \"money\"}", vec![contains("money")]),
            ("[{ contains = \"a\" }, { label = \"other\" }]", vec![contains("a"), label("other")]),
            ("[{\"contains\":\"a\"},{\"label\":\"other\"}]", vec![contains("a"), label("other")]),
        ] {
            let read = read_of(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
            let read: Vec<Expect> = read.as_slice().iter().map(|expect| (**expect).clone()).collect();
            assert_eq!(read, expected, "{typed}");
        }
    }

    #[test]
    fn what_is_no_expectation_is_told_in_words() {
        for (typed, told) in [
            ("", "nothing was said"),
            ("refnd", "`refnd` is no label of the suite (refund, other)"),
            ("{ label = \"refnd\" }", "`refnd` is no label of the suite (refund, other)"),
            ("{ contain = \"x\" }", "unknown field `contain`"),
            ("{\"contain\": \"x\"}", "unknown field `contain`"),
            ("{ contains = 3 }", "this is no expectation"),
            ("{ contains = \"x\"", "this is no expectation"),
            ("{}", "this has no condition"),
            ("{ ignore_case = true }", "this has no condition"),
        ] {
            let error = read_of(typed).unwrap_err().to_string();
            assert!(error.contains(told), "{typed}: {error}");
        }
    }

    fn read_any(typed: &str) -> Result<OneOrMany<Box<Expect>>, StatementError> {
        read(typed, &[])
    }

    #[test]
    fn an_expectation_is_read_as_toml_and_as_json() {
        let toml = read_any("{ contains = '14 days', label = \"complete\" }").unwrap();
        let json = read_any("{\"contains\": \"14 days\", \"label\": \"complete\"}").unwrap();
        assert_eq!(toml, json);
        let OneOrMany::One(one) = toml else { panic!("one entry") };
        assert_eq!(one.contains.as_deref(), Some("14 days"));
        let two = read_any("[{ contains = \"a\" }, { excludes = \"b\" }]").unwrap();
        assert_eq!(two.as_slice().len(), 2);
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in ["", "14 days", "{ contain = \"a\" }", "{ contains = ", "{}", "[]", "[{}]", "{}\n[gate]"]
        {
            assert!(read_any(text).is_err(), "{text}");
        }
    }
}
