//! The shape of a generator's reply: its JSON schema, and how a reply is read by it. What does not fit is told in
//! words for the model that wrote it.
//!
//! Endpoints that write by a schema write its members in the order in which they get them, and our JSON objects
//! are sorted by their keys. Keys are therefore named so that their order is that of the thought: `approach` before
//! `items`, what is planned before what is written.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Most entries of a reply.
const MOST_ITEMS: usize = 256;
/// Most characters of a text in a reply.
const MOST_TEXT: usize = 16_384;
/// Most characters of a reply's word that a message repeats.
const MOST_TOLD: usize = 40;

/// What a reply must look like: an approach first, then one object, or a list of objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// What `approach` is to hold.
    pub approach: &'static str,
    /// What every object has, sorted by key.
    pub members: Vec<Member>,
    /// Whether there is a list of them, under `items`; otherwise its members stand beside `approach`.
    pub many: bool,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its key.
    pub name: &'static str,
    /// What it holds, for the model.
    pub what: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What a member takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// A text that becomes the input of a draft. It may be empty or hold anything: the filter says so of that draft
    /// alone, and the others of the reply are not lost. Where all are empty the reply is none.
    Input,
    /// A text that says something.
    Text,
    /// A text, which may be empty.
    Any,
    /// One of these words.
    Word(Vec<String>),
    /// A text for each of these columns.
    Row(Vec<String>),
}

/// An object of a reply that has the shape. Its texts have no white space at their ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    texts: BTreeMap<&'static str, String>,
    row: BTreeMap<String, String>,
}

impl Member {
    /// A member.
    pub const fn new(name: &'static str, takes: Takes, what: &'static str) -> Self {
        Self { name, what, takes }
    }

    fn schema(&self) -> Value {
        let what = self.what;
        match &self.takes {
            Takes::Input | Takes::Text | Takes::Any => json!({ "type": "string", "description": what }),
            Takes::Word(words) => json!({ "type": "string", "enum": words, "description": what }),
            Takes::Row(columns) => {
                let text = |column: &String| (column.clone(), json!({ "type": "string" }));
                let mut object = object_of(columns.iter().map(text));
                object["description"] = json!(what);
                object
            }
        }
    }
}

impl Item {
    /// The text of a member; empty where the shape has none of this name.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// The columns of its row.
    pub fn row(&self) -> impl Iterator<Item = (&String, &String)> {
        self.row.iter()
    }
}

impl Shape {
    /// The JSON schema: every member is needed, and no other is allowed.
    pub fn schema(&self) -> Value {
        let approach = ("approach".to_owned(), json!({ "type": "string", "description": self.approach }));
        let members = self.members.iter().map(|member| (member.name.to_owned(), member.schema()));
        if !self.many {
            return object_of(std::iter::once(approach).chain(members));
        }
        let items = json!({ "type": "array", "items": object_of(members) });
        object_of([approach, ("items".to_owned(), items)])
    }

    /// Reads a reply. The approach is read and not kept.
    pub fn read(&self, reply: &Value) -> Result<Vec<Item>, String> {
        let object = as_object(reply, "the reply")?;
        let mut names = vec!["approach"];
        if self.many {
            names.push("items");
        } else {
            names.extend(self.members.iter().map(|member| member.name));
        }
        keys(object, &names, "the reply")?;
        text(object, "approach", "the reply")?;
        let items = if self.many {
            let list = object["items"].as_array().ok_or("`items` is not a list")?;
            if list.is_empty() {
                return Err("`items` is empty".into());
            }
            if list.len() > MOST_ITEMS {
                return Err(format!("`items` has {} entries and may have {MOST_ITEMS}", list.len()));
            }
            let item = |(at, value): (usize, &Value)| {
                let place = format!("`items[{at}]`");
                let object = as_object(value, &place)?;
                keys(object, &self.members.iter().map(|member| member.name).collect::<Vec<_>>(), &place)?;
                self.item(object, &place)
            };
            list.iter().enumerate().map(item).collect::<Result<Vec<_>, _>>()?
        } else {
            vec![self.item(object, "the reply")?]
        };
        for member in self.members.iter().filter(|member| member.takes == Takes::Input) {
            if items.iter().all(|item| item.text(member.name).is_empty()) {
                return Err(format!("every `{}` is empty", member.name));
            }
        }
        Ok(items)
    }

    fn item(&self, object: &Map<String, Value>, place: &str) -> Result<Item, String> {
        let mut item = Item::default();
        for member in &self.members {
            if let Takes::Row(columns) = &member.takes {
                let place = format!("`{}` of {place}", member.name);
                let row = as_object(&object[member.name], &place)?;
                keys(row, columns, &place)?;
                for column in columns {
                    item.row.insert(column.clone(), text(row, column, &place)?);
                }
                continue;
            }
            let said = text(object, member.name, place)?;
            match &member.takes {
                Takes::Text if said.is_empty() => {
                    return Err(format!("`{}` of {place} is empty", member.name));
                }
                Takes::Word(words) if !words.contains(&said) => {
                    let known = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
                    return Err(format!(
                        "`{}` of {place} is `{}`, which is none of {known}",
                        member.name,
                        told(&said)
                    ));
                }
                _ => {}
            }
            item.texts.insert(member.name, said);
        }
        Ok(item)
    }
}

/// The schema of an object with these members, all of them needed, in their order.
fn object_of(members: impl IntoIterator<Item = (String, Value)>) -> Value {
    let properties: Map<String, Value> = members.into_iter().collect();
    let names: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

fn as_object<'v>(value: &'v Value, place: &str) -> Result<&'v Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{place} is not a JSON object"))
}

/// Whether an object has these keys and no others.
fn keys(object: &Map<String, Value>, names: &[impl AsRef<str>], place: &str) -> Result<(), String> {
    if let Some(name) = names.iter().find(|name| !object.contains_key(name.as_ref())) {
        return Err(format!("{place} has no `{}`", name.as_ref()));
    }
    match object.keys().find(|key| names.iter().all(|name| name.as_ref() != key.as_str())) {
        Some(key) => Err(format!("{place} has a key `{}`, which was not asked for", told(key))),
        None => Ok(()),
    }
}

fn text(object: &Map<String, Value>, name: &str, place: &str) -> Result<String, String> {
    let said = object.get(name).and_then(Value::as_str);
    let said = said.ok_or_else(|| format!("`{name}` of {place} is not a text"))?.trim();
    let length = said.chars().count();
    if length > MOST_TEXT {
        return Err(format!("`{name}` of {place} has {length} characters and may have {MOST_TEXT}"));
    }
    Ok(said.to_owned())
}

/// A word of the reply as a message repeats it: on one line, cut.
fn told(word: &str) -> String {
    word.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(MOST_TOLD).collect()
}
