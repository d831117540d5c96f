//! The suites of a folder. Those in its folder `live` need a model: they are loaded when they are named.

use super::Suite;
use super::diagnostic::{Diagnostic, Diagnostics, quote, quote_all};
use super::files::tidy;
use super::load::load;
use super::nearest::nearest;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folder, below that of the suites, of those that need a model.
pub const LIVE: &str = "live";

/// The suites of a folder, by their names.
struct Found {
    /// The folder, as it is shown.
    shown: String,
    suites: BTreeMap<String, Place>,
}

/// The file beside the suites that holds the categories of failures, and is no suite.
pub const TAXONOMY: &str = "taxonomy";

/// Where a suite is.
struct Place {
    /// The file, relative to the root.
    file: PathBuf,
    is_live: bool,
}

/// Loads the suites named in `only`, as [`bare_name`] reads them, in the order of their names; without any, all
/// but live ones. The mistakes of all of them are told together.
pub fn load_folder(root: &Path, folder: &Path, only: &[String]) -> Result<Vec<Suite>, Diagnostics> {
    let found = Found::read(root, folder)?;
    let mut out = Diagnostics::default();
    for wanted in only.iter().filter(|wanted| !found.has(wanted)) {
        out.push(found.unknown(wanted));
    }
    let is_wanted = |name: &str, place: &Place| match only {
        [] => !place.is_live,
        only => only.iter().any(|wanted| bare_name(wanted) == name && place.admits(wanted)),
    };
    if only.is_empty() && found.suites.values().all(|place| place.is_live) {
        let what = format!("all suites in {} need a model", quote(&found.shown));
        let help = format!("name those to be run: {}", quote_all(found.named().iter().map(String::as_str)));
        out.push(Diagnostic::new("no-suites", what).help(help));
    }
    found.load(root, is_wanted, out)
}

/// Names and files of all suites, live ones as well, in the order of their names. They are not read.
pub fn suite_paths(root: &Path, folder: &Path) -> Result<Vec<(String, String)>, Diagnostics> {
    let shown =
        |file: &Path| tidy(&file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/"));
    let found = Found::read(root, folder)?;
    Ok(found.suites.iter().map(|(name, place)| (name.clone(), shown(&place.file))).collect())
}

/// Loads all suites, live ones as well: for what asks nothing.
pub fn load_all(root: &Path, folder: &Path) -> Result<Vec<Suite>, Diagnostics> {
    Found::read(root, folder)?.load(root, |_, _| true, Diagnostics::default())
}

/// The live suites of a folder, as they are named, in the order of their names: `live/NAME`.
pub fn live_suites(root: &Path, folder: &Path) -> Result<Vec<String>, Diagnostics> {
    let found = Found::read(root, folder)?;
    let live = found.suites.iter().filter(|(_, place)| place.is_live);
    Ok(live.map(|(name, _)| format!("{LIVE}/{name}")).collect())
}

/// The name of a suite, which may be given with the folder of live ones: `live/NAME` is `NAME`.
pub fn bare_name(given: &str) -> &str {
    given.strip_prefix(LIVE).and_then(|rest| rest.strip_prefix('/')).unwrap_or(given)
}

impl Place {
    /// Whether a name that is given can mean a suite here.
    fn admits(&self, given: &str) -> bool {
        self.is_live || bare_name(given) == given
    }
}

impl Found {
    /// Looks for the suites of a folder. It is an error where there are none, and where two have one name.
    fn read(root: &Path, folder: &Path) -> Result<Self, Diagnostics> {
        let below = folder.strip_prefix(root).unwrap_or(folder);
        let shown = tidy(&below.to_string_lossy().replace('\\', "/"));
        let none = |what: String| {
            Diagnostics::from(Diagnostic::new("no-suites", what).help("`holdline init` writes a first suite"))
        };
        let unread = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => none(format!("there is no folder {}", quote(&shown))),
            _ => none(format!("the folder {} cannot be read: {error}", quote(&shown))),
        };
        let own = names(&root.join(folder)).map_err(unread)?;
        let live = match names(&root.join(folder).join(LIVE)) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Vec::new()
            }
            found => found.map_err(|error| {
                none(format!("the folder {} cannot be read: {error}", quote(&format!("{shown}/{LIVE}"))))
            })?,
        };
        let mut suites = BTreeMap::new();
        for name in own.into_iter().filter(|name| name != TAXONOMY) {
            suites.insert(name.clone(), Place { file: folder.join(format!("{name}.toml")), is_live: false });
        }
        let mut out = Diagnostics::default();
        for name in live {
            let file = folder.join(LIVE).join(format!("{name}.toml"));
            if suites.insert(name.clone(), Place { file, is_live: true }).is_some() {
                let what = format!(
                    "there are two suites {}: {shown}/{name}.toml and {shown}/{LIVE}/{name}.toml",
                    quote(&name)
                );
                let help = "rename one of them; what is accepted for a suite is kept under its name";
                out.push(Diagnostic::new("ambiguous-suite", what).help(help));
            }
        }
        if suites.is_empty() {
            return Err(none(format!("there are no suites in {}", quote(&shown))));
        }
        out.or(Self { shown, suites })
    }

    fn load(
        &self,
        root: &Path,
        is_wanted: impl Fn(&str, &Place) -> bool,
        mut out: Diagnostics,
    ) -> Result<Vec<Suite>, Diagnostics> {
        let mut suites = Vec::new();
        for (_, place) in self.suites.iter().filter(|(name, place)| is_wanted(name, place)) {
            match load(root, &place.file) {
                Ok(suite) => suites.push(Suite { is_live: place.is_live, ..suite }),
                Err(mistakes) => out.extend(mistakes),
            }
        }
        out.or(suites)
    }

    fn has(&self, given: &str) -> bool {
        self.suites.get(bare_name(given)).is_some_and(|place| place.admits(given))
    }

    /// All suites as they are named, those that are live with their folder.
    fn named(&self) -> Vec<String> {
        let named = |(name, place): (&String, &Place)| {
            if place.is_live { format!("{LIVE}/{name}") } else { name.clone() }
        };
        self.suites.iter().map(named).collect()
    }

    fn unknown(&self, wanted: &str) -> Diagnostic {
        let unknown = Diagnostic::new("unknown-suite", format!("there is no suite {}", quote(wanted)));
        let named = self.named();
        let known = || self.suites.keys().chain(&named).map(String::as_str);
        match nearest(wanted, known()) {
            Some(meant) => unknown.help(format!("did you mean {}?", quote(meant))),
            None => unknown.help(format!("the suites are {}", quote_all(named.iter().map(String::as_str)))),
        }
    }
}

/// The stems of the files in a folder that are suites.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    Ok(std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        // A link to nowhere is told of when it is read; hidden files are those of editors and systems.
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && !path.is_dir())
        .filter(|path| !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")))
        .filter_map(|path: PathBuf| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::bare_name;

    #[test]
    fn a_name_may_say_its_folder() {
        for (given, name) in [
            ("live/judged", "judged"),
            ("judged", "judged"),
            ("live", "live"),
            ("livejudged", "livejudged"),
            ("other/judged", "other/judged"),
        ] {
            assert_eq!(bare_name(given), name);
        }
    }
}
