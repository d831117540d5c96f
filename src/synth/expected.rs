//! What a scenario expects of answers, in words for a model that writes what is asked.

use crate::suite::Suite;
use crate::suite::schema::Expect;
use crate::suite::template::Template;
use serde_json::Value;
use std::collections::BTreeSet;

/// Most characters of one expectation in words.
const MOST: usize = 500;

/// What an entry expects, a sentence for each condition. What is measured alone is no condition and is left out.
pub fn in_words(suite: &Suite, expect: &Expect) -> Vec<String> {
    let Ok(Value::Object(conditions)) = serde_json::to_value(expect) else { return Vec::new() };
    let said = conditions.iter().filter_map(|(key, value)| condition(suite, key, value));
    said.map(|text| shortened(&text)).collect()
}

/// The columns of a row that entries read, by `{{ row.NAME }}`.
pub fn columns<'e>(expects: impl IntoIterator<Item = &'e Expect>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for expect in expects {
        if let Ok(value) = serde_json::to_value(expect) {
            read(&value, &mut found);
        }
    }
    found.into_iter().collect()
}

fn read(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            if let Ok(template) = Template::parse(text) {
                let variables = template.variables();
                let row = variables.iter().filter_map(|path| path.strip_prefix("row."));
                found.extend(row.filter_map(|path| path.split('.').next()).map(str::to_owned));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| read(item, found)),
        Value::Object(members) => members.values().for_each(|member| read(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn condition(suite: &Suite, key: &str, value: &Value) -> Option<String> {
    let all = |word: &str| match value {
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(word),
        one => shown(one),
    };
    let said = match key {
        // Words of other conditions, or nothing that an answer must keep to.
        "ignore_case" | "measures" | "at" | "reference" | "relevant" => return None,
        "equals" => format!("it is exactly {}", all(" or ")),
        "contains" | "contains_all" => format!("it contains {}", all(" and ")),
        "contains_any" => format!("it contains {}", all(" or ")),
        "excludes" => format!("it does not contain {}", all(" or ")),
        "starts_with" => format!("it starts with {}", all(" or ")),
        "matches" => format!("it matches the regular expression {}", all(" and ")),
        "label" => format!("its label is {}", all(" or ")),
        "one_of" => format!("it is one of {}", all(", ")),
        "judge" => {
            let names: Vec<&str> = match value {
                Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            names.iter().map(|name| judged(suite, name)).collect::<Vec<_>>().join("; ")
        }
        "not" => {
            let entry: Expect = serde_json::from_value(value.clone()).ok()?;
            let inner = in_words(suite, &entry);
            return (!inner.is_empty()).then(|| format!("none of this: {}", inner.join("; ")));
        }
        other => format!("its {} keeps to {value}", other.replace('_', " ")),
    };
    Some(said)
}

/// What a judge decides about an answer.
fn judged(suite: &Suite, name: &str) -> String {
    let Some(judge) = suite.judges.iter().find(|judge| judge.name == name) else {
        return format!("the judge `{name}` passes it");
    };
    match &judge.file.pass_when {
        Some(when) => format!("{} ({when})", judge.file.question),
        None if judge.file.question.is_empty() => format!("the judge `{name}` passes it"),
        None => judge.file.question.clone(),
    }
}

fn shown(value: &Value) -> String {
    value.to_string()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
