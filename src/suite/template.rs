//! Text with `{{ … }}` in it. Suite text is a template; inputs, row values and answers are data and
//! are never parsed as one.

use super::secret::Secrets;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Expression, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// The name under which environment values stand in a scope; not to be written in a suite.
pub(super) const ENV: &str = "__env";

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    engine.set_syntax(
        SyntaxConfig::builder().keep_trailing_newline(true).build().expect("the default delimiters"),
    );
    engine
});

/// Why a template cannot be read or filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong, in words.
    pub message: String,
    /// Bytes of the template's text that are at fault, where known.
    pub range: Option<std::ops::Range<usize>>,
}

impl TemplateError {
    fn from_engine(error: &minijinja::Error) -> Self {
        let message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Self { message, range: error.range() }
    }
}

/// A parsed template.
#[derive(Clone)]
pub struct Template {
    source: String,
    form: Form,
    env: BTreeSet<String>,
    /// Its parts, where nothing but paths is filled in: these need no engine where they name texts.
    parts: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Text(String),
    /// `row.domain`: a variable, and the names that lead on from it.
    Path(String, Vec<String>),
}

#[derive(Clone)]
enum Form {
    /// Nothing to fill in.
    Plain,
    /// Exactly one `{{ x }}`: the value keeps its type.
    Value(Arc<Expression<'static, 'static>>),
    /// Text with values in it; the text as the engine takes it.
    Text(Arc<str>),
}

impl Template {
    /// Parses a text. `${env:NAME}` is understood as well.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        let (text, env) = lift_env(source)?;
        // The engine counts in the text it was given; that is a part of the source only where no
        // environment variable was lifted out of it.
        let wrong = |error: &minijinja::Error, begin: usize| {
            let TemplateError { message, range } = TemplateError::from_engine(error);
            let range = range.filter(|_| env.is_empty()).map(|range| begin + range.start..begin + range.end);
            TemplateError { message, range }
        };
        let form = if !(text.contains("{{") || text.contains("{%") || text.contains("{#")) {
            Form::Plain
        } else if let Some(expression) = sole_expression(&text) {
            let expression = ENGINE
                .compile_expression_owned(expression.to_owned())
                .map_err(|error| wrong(&error, text.find(expression).unwrap_or(0)))?;
            Form::Value(Arc::new(expression))
        } else {
            ENGINE.template_from_str(&text).map_err(|error| wrong(&error, 0))?;
            Form::Text(text.into())
        };
        let parts = if matches!(form, Form::Plain) { None } else { parts(source) };
        Ok(Self { source: source.to_owned(), form, env, parts: parts.unwrap_or_default() })
    }

    /// What the template is filled in with, where it names nothing but texts; `None` for anything else,
    /// and where `value_of` finds nothing: then [`Template::render`] says what it is, or what is wrong.
    pub(crate) fn direct<'v>(
        &'v self,
        value_of: &dyn Fn(&str, &[String]) -> Option<&'v Value>,
    ) -> Option<Cow<'v, str>> {
        let text = |part: &'v Part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Path(head, rest) => value_of(head, rest)?.as_str(),
        };
        match self.parts.as_slice() {
            [] => self.is_plain().then_some(Cow::Borrowed(self.source.as_str())),
            [sole] => text(sole).map(Cow::Borrowed),
            parts => parts.iter().map(text).collect::<Option<String>>().map(Cow::Owned),
        }
    }

    /// The text as it stands in the suite.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True where there is nothing to fill in.
    pub fn is_plain(&self) -> bool {
        matches!(self.form, Form::Plain)
    }

    /// The variables the template refers to, with their paths where these are fixed: `row.domain`.
    pub fn variables(&self) -> BTreeSet<String> {
        let names = match &self.form {
            Form::Plain => return BTreeSet::new(),
            Form::Value(expression) => expression.undeclared_variables(true),
            Form::Text(text) => match ENGINE.template_from_str(text) {
                Ok(template) => template.undeclared_variables(true),
                Err(_) => return BTreeSet::new(),
            },
        };
        names.into_iter().filter(|name| name.split('.').next() != Some(ENV)).collect()
    }

    /// The environment variables it refers to.
    pub fn env(&self) -> &BTreeSet<String> {
        &self.env
    }

    /// Fills the template in; a sole `{{ x }}` keeps its JSON type.
    pub fn render(&self, scope: &Scope) -> Result<Value, TemplateError> {
        if let Some(text) = scope.texts(&self.parts) {
            return Ok(Value::String(text));
        }
        match &self.form {
            Form::Plain => Ok(Value::String(self.source.clone())),
            Form::Value(expression) => {
                let value = expression.eval(scope.context()).map_err(|e| TemplateError::from_engine(&e))?;
                if value.is_undefined() {
                    return Err(TemplateError {
                        message: format!("`{}` has no value", self.source.trim()),
                        range: None,
                    });
                }
                serde_json::to_value(&value)
                    .map_err(|error| TemplateError { message: error.to_string(), range: None })
            }
            Form::Text(text) => ENGINE
                .template_from_str(text)
                .and_then(|template| template.render(scope.context()))
                .map(Value::String)
                .map_err(|error| TemplateError::from_engine(&error)),
        }
    }

    /// Fills the template in as text; a value that is not a text is written as JSON.
    pub fn render_text(&self, scope: &Scope) -> Result<String, TemplateError> {
        Ok(match self.render(scope)? {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        })
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Template").field(&self.source).finish()
    }
}

/// Any JSON value whose texts are templates.
#[derive(Debug, Clone)]
pub enum JsonTemplate {
    /// A value without anything to fill in.
    Plain(Value),
    /// A text.
    Text(Template),
    /// A list.
    List(Vec<JsonTemplate>),
    /// An object; keys are fixed.
    Object(Vec<(String, JsonTemplate)>),
}

impl JsonTemplate {
    /// Parses every text in `value`.
    pub fn parse(value: &Value) -> Result<Self, TemplateError> {
        Ok(match value {
            Value::String(text) => Self::Text(Template::parse(text)?),
            Value::Array(list) => Self::List(list.iter().map(Self::parse).collect::<Result<_, _>>()?),
            Value::Object(object) => Self::Object(
                object.iter().map(|(key, value)| Ok((key.clone(), Self::parse(value)?))).collect::<Result<
                    _,
                    TemplateError,
                >>(
                )?,
            ),
            plain => Self::Plain(plain.clone()),
        })
    }

    /// Fills everything in.
    pub fn render(&self, scope: &Scope) -> Result<Value, TemplateError> {
        Ok(match self {
            Self::Plain(value) => value.clone(),
            Self::Text(template) => template.render(scope)?,
            Self::List(list) => {
                Value::Array(list.iter().map(|item| item.render(scope)).collect::<Result<_, _>>()?)
            }
            Self::Object(fields) => Value::Object(
                fields.iter().map(|(key, value)| Ok((key.clone(), value.render(scope)?))).collect::<Result<
                    _,
                    TemplateError,
                >>(
                )?,
            ),
        })
    }

    /// Every template in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Plain(_) => Vec::new(),
            Self::Text(template) => vec![template],
            Self::List(list) => list.iter().flat_map(Self::templates).collect(),
            Self::Object(fields) => fields.iter().flat_map(|(_, value)| value.templates()).collect(),
        }
    }
}

/// The values that a template is filled in with.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    values: BTreeMap<Cow<'static, str>, minijinja::Value>,
}

impl Scope {
    /// A scope with the environment values of the run.
    pub fn new(secrets: &Secrets) -> Self {
        Self::default().with(ENV, secrets.values())
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Serialize) -> Self {
        self.values.insert(name.into(), minijinja::value::Serde(value).into());
        self
    }

    /// The text that parts make, where all of them are texts.
    fn texts(&self, parts: &[Part]) -> Option<String> {
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Path(head, rest) => {
                    let value = self.values.get(head.as_str())?.clone();
                    let value = rest.iter().try_fold(value, |value, name| value.get_attr(name).ok())?;
                    out.push_str(value.as_str()?);
                }
            }
        }
        (!parts.is_empty()).then_some(out)
    }

    fn context(&self) -> minijinja::Value {
        minijinja::Value::from(self.values.clone())
    }
}

/// Turns `${env:NAME}` into an expression, so that the value is data and not parsed.
fn lift_env(source: &str) -> Result<(String, BTreeSet<String>), TemplateError> {
    const OPEN: &str = "${env:";
    let (mut text, mut names, mut rest, mut at) = (String::new(), BTreeSet::new(), source, 0);
    while let Some(start) = rest.find(OPEN) {
        let name_at = start + OPEN.len();
        let broken = |end: usize| TemplateError {
            message: "an environment variable is written `${env:NAME}`".into(),
            range: Some(at + start..at + end),
        };
        let length = rest[name_at..].find('}').ok_or_else(|| broken(rest.len()))?;
        let name = &rest[name_at..name_at + length];
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(fits) {
            return Err(broken(name_at + length + 1));
        }
        text.push_str(&rest[..start]);
        text.push_str("{{ ");
        text.push_str(ENV);
        text.push('.');
        text.push_str(name);
        text.push_str(" }}");
        names.insert(name.to_owned());
        rest = &rest[name_at + length + 1..];
        at += name_at + length + 1;
    }
    text.push_str(rest);
    Ok((text, names))
}

/// The expression in a text that is exactly one `{{ expression }}`.
fn sole_expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.trim_matches('-').trim();
    (!inner.contains("{{") && !inner.contains("}}") && !inner.contains("{%") && !inner.contains("{#"))
        .then_some(inner)
}

/// The parts of a text whose expressions are all paths. What stands around one expression alone is not a
/// part: its value is all there is.
fn parts(text: &str) -> Option<Vec<Part>> {
    // Blocks and comments, and line breaks that an engine may read as it likes.
    if ["{%", "{#", "${", "\r"].iter().any(|other| text.contains(other)) {
        return None;
    }
    if let Some(sole) = sole_expression(text) {
        return Some(vec![path(sole)?]);
    }
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let (expression, after) = after.split_once("}}")?;
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        parts.push(path(expression.trim())?);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Some(parts)
}

/// Names that the engine gives a meaning of its own, whatever a scope holds.
const RESERVED: [&str; 10] =
    ["true", "false", "none", "True", "False", "None", "not", "self", "super", "loop"];

/// An expression that is a path: names with dots between them.
fn path(expression: &str) -> Option<Part> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut names = expression.split('.');
    let head = names.next().filter(|head| is_name(head) && !RESERVED.contains(head))?;
    let rest = names.map(|name| is_name(name).then(|| name.to_owned())).collect::<Option<_>>()?;
    Some(Part::Path(head.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope() -> Scope {
        let (secrets, missing) =
            Secrets::gather(["KEY".to_owned()], |_| Some("s3cr3t {{ input }}".to_owned()));
        assert!(missing.is_empty());
        Scope::new(&secrets).with("input", "say {{ row.n }}").with("row", json!({ "n": 3, "s": "x" }))
    }

    fn render(text: &str) -> Value {
        Template::parse(text).unwrap().render(&scope()).unwrap()
    }

    #[test]
    fn a_sole_expression_keeps_its_type_and_text_around_it_makes_a_text() {
        assert_eq!(render("{{ row.n }}"), json!(3));
        assert_eq!(render("n={{ row.n }}"), json!("n=3"));
        assert_eq!(render("{{ row }}"), json!({ "n": 3, "s": "x" }));
        assert_eq!(render("{{ row.n }}{{ row.s }}"), json!("3x"));
        assert_eq!(render("plain"), json!("plain"));
    }

    #[test]
    fn values_are_never_parsed_as_templates() {
        assert_eq!(render("{{ input }}"), json!("say {{ row.n }}"));
        assert_eq!(render("Bearer ${env:KEY}"), json!("Bearer s3cr3t {{ input }}"));
    }

    #[test]
    fn paths_to_texts_are_filled_in_as_the_engine_would() {
        let scope = Scope::default()
            .with("row", json!({ "s": "x\n{{ y }}", "n": 3, "o": { "deep": "d" } }))
            .with("none", "no")
            .with("input", "in");
        for (text, filled) in [
            ("{{ row.s }}", json!("x\n{{ y }}")),
            (" {{row.o.deep}}\n", json!("d")),
            ("a {{ row.s }}{{ input }}\n", json!("a x\n{{ y }}in\n")),
            ("a  {{- input -}}  b", json!("ainb")),
            ("{{ row.n }} {{ input }}", json!("3 in")),
            ("{{ row['s'] }}!", json!("x\n{{ y }}!")),
            ("{{ input | upper }} {{ '}}' }}", json!("IN }}")),
            ("{# {{ nothing }} #}{{ input }}", json!("in")),
            // A literal, whatever the scope holds.
            ("{{ none }}", Value::Null),
        ] {
            assert_eq!(Template::parse(text).unwrap().render(&scope).unwrap(), filled, "{text}");
        }
    }

    #[test]
    fn what_is_told_without_the_engine_is_text_alone() {
        let direct = |text: &str| {
            let (template, (text, number)) = (Template::parse(text).unwrap(), (json!("x"), json!(3)));
            let value_of = |head: &str, rest: &[String]| match (head, rest) {
                ("input", []) => Some(&text),
                ("row", [name]) if name == "n" => Some(&number),
                _ => None,
            };
            template.direct(&value_of).map(std::borrow::Cow::into_owned)
        };
        assert_eq!(direct("plain").as_deref(), Some("plain"));
        assert_eq!(direct("{{ input }}").as_deref(), Some("x"));
        assert_eq!(direct("a {{ input }} b").as_deref(), Some("a x b"));
        for text in ["{{ row.n }}", "{{ row.m }}", "{{ input | upper }}", "a {{ row.n }}", "${env:KEY}"] {
            assert_eq!(direct(text), None, "{text}");
        }
    }

    #[test]
    fn an_undefined_variable_is_an_error() {
        for text in ["{{ row.missing }}", "{{ nothing }}", "a {{ nothing }}"] {
            assert!(Template::parse(text).unwrap().render(&scope()).is_err(), "{text}");
        }
    }

    #[test]
    fn variables_are_listed_with_their_paths_and_without_the_environment() {
        let template = Template::parse("{{ row.domain }} {{ input }} ${env:KEY}").unwrap();
        assert_eq!(template.variables().into_iter().collect::<Vec<_>>(), ["input", "row.domain"]);
        assert_eq!(template.env().iter().collect::<Vec<_>>(), ["KEY"]);
    }

    #[test]
    fn a_mistake_is_placed_in_the_source() {
        for (text, wrong) in [("{{ 1 + * }}", "*"), ("say {{ input.+ }}", "+"), ("{{ a }} {% if %}", "%}")] {
            let range = Template::parse(text).unwrap_err().range.unwrap();
            assert_eq!(&text[range], wrong, "{text}");
        }
        assert_eq!(Template::parse("${env:KEY} {{ 1 + * }}").unwrap_err().range, None);
    }

    #[test]
    fn a_broken_environment_reference_names_its_place() {
        let error = Template::parse("key ${env:} x").unwrap_err();
        assert_eq!(error.range, Some(4..11));
        assert!(Template::parse("key ${env:NAME").is_err());
    }
}
