//! The suite file: what it may say, how it is read, and what is told about its mistakes.

pub mod addition;
pub mod canary;
mod check;
pub mod diagnostic;
pub(crate) mod document;
pub(crate) mod encode;
pub(crate) mod files;
pub mod fingerprint;
mod folder;
pub mod history;
pub(crate) mod inputs;
pub mod judges;
pub mod labels;
mod load;
pub mod metric_names;
pub(crate) mod nearest;
pub mod params;
pub mod project;
#[cfg(test)]
mod published;
pub mod quantity;
pub(crate) mod repeats;
pub mod schema;
pub mod secret;
pub mod seeds;
pub(crate) mod shape;
mod shipped;
pub mod slug;
pub mod template;
pub mod variants;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use folder::{TAXONOMY, bare_name, live_suites, load_all, load_folder, suite_paths};
pub use inputs::documents::passages;
pub use load::{env_names, load, said_env_names};
pub use params::Params;
pub use seeds::{Seeds, SeedsError};

use judges::JudgeDefinition;
use params::PARAMS;
use schema::{Expect, Origin, ScenarioSpec, SuiteFile};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use template::{Scope, Template};
use variants::Placed;

/// A suite as loaded: the file's contents, checked, with every seed input resolved.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The file's stem.
    pub name: String,
    /// The file, relative to the project's root, with `/` between its parts.
    pub path: String,
    /// The project's root: commands run here.
    pub root: PathBuf,
    /// What the file says.
    pub spec: SuiteFile,
    /// Its parameters, with their values for the run.
    pub params: Arc<Params>,
    /// The scenarios with their seeds, in the order of the file.
    pub scenarios: Vec<Scenario>,
    /// The judges that its expectations name and that are models, by name.
    pub judges: Vec<JudgeDefinition>,
    /// blake3 over the file, the data files it names and what its judges are asked, as 16 hex digits.
    pub fingerprint: String,
    /// The data files that were read for it, sorted: relative to the root where they lie below it.
    pub files: Vec<String>,
    /// Whether it stands in the folder of those that need a model, and so runs only when it is named.
    pub is_live: bool,
}

impl Suite {
    /// The folder that data paths of the suite are relative to.
    pub fn folder(&self) -> PathBuf {
        self.root.join(&self.path).parent().map_or_else(|| self.root.clone(), PathBuf::from)
    }

    /// The model that the target names, parameters filled in; as it stands where it depends on more.
    pub fn model(&self) -> Option<String> {
        let text = self.spec.target.model.as_ref()?;
        let scope = Scope::default().with(PARAMS, self.params.values());
        let filled = Template::parse(text).and_then(|template| template.render_text(&scope));
        Some(filled.unwrap_or_else(|_| text.clone()))
    }

    /// Where a scenario begins.
    pub fn place(&self, scenario: &Scenario) -> Place {
        Place { file: self.path.as_str().into(), line: scenario.line }
    }

    /// How a file that the suite names is shown: relative to the root, where it lies below it.
    pub fn shown(&self, name: &str) -> String {
        files::Files::new(&self.root, &self.path).shown(name)
    }
}

/// A scenario with its seeds.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Stable identity: the `id` given, or the slug of the name.
    pub id: String,
    /// What the file says.
    pub spec: ScenarioSpec,
    /// Line of the suite file where the scenario begins, from 1.
    pub line: u32,
    /// Lines of the suite file where its templates stand, from 1.
    pub template_lines: Vec<u32>,
    /// The seeds, in the order of the file they come from.
    pub seeds: Seeds,
    /// The reviewed variants that stand beside the suite, in the order of their file.
    pub variants: Vec<Placed>,
}

/// One input of a scenario as written, before it becomes a case.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The row's own id.
    pub id: Option<String>,
    /// What the application is asked: a text, or any JSON value from a JSON-lines file.
    pub input: Value,
    /// The columns of the row, for templates. Empty for a plain text.
    pub row: Row,
    /// The template that it was made from.
    pub template: Option<Arc<str>>,
    /// The values of the template's knobs. Empty without a template.
    pub knobs: Row,
    /// What must hold of the answer: the scenario's entries, then the row's own.
    pub expect: Arc<[Expect]>,
    /// The scenario's tags, then the row's own.
    pub tags: Vec<String>,
    /// Where the input comes from.
    pub origin: Origin,
    /// Where the input stands.
    pub place: Place,
}

/// A place in a file of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Place {
    /// The file, relative to the project's root, with `/` between its parts.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
}

impl Place {
    /// The line as it is shown to people; none where the file cannot be read any more.
    pub fn spot(&self, root: &std::path::Path) -> Option<diagnostic::Spot> {
        let (source, begin) = files::line(&root.join(&*self.file), &self.file, self.line)?;
        Some(source.spot(begin..begin + source.text.trim_end().len()))
    }
}

/// A value as a text: a text as it is, anything else as JSON.
pub fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The columns of one row of a data file. The names are shared by all rows of the file.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Names of the columns.
    pub columns: Arc<[String]>,
    /// Values, in the order of `columns`.
    pub values: Vec<Value>,
}

impl Row {
    /// The value of a column.
    pub fn get(&self, column: &str) -> Option<&Value> {
        self.columns.iter().position(|name| name == column).and_then(|at| self.values.get(at))
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (name, value) in self.columns.iter().zip(&self.values) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
