//! Which category each failure belongs to (axial coding): what people assigned, in `<suite>.codes.jsonl` beside the
//! suite, and what of it holds by the taxonomy of today.

mod proposal;
mod reading;

pub use proposal::{Proposal, Proposals, failure_key, form, messages, proposals_path};
pub use reading::{Item, Reading, Why, excerpt, kept};

use super::failure::{Complaint, ComplaintKind, Failure};
use super::fingerprint::{Fingerprint, GroupId};
use super::ledger::{Ledger, Line, beside};
use super::taxonomy::{Became, Taxonomy};
use crate::expand::CaseId;
use crate::suite::Diagnostics;
use crate::suite::schema::taxonomy::Category;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What an assignment is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// One case.
    Case(CaseId),
    /// Every failure of a group that says exactly the same, by the group's id; cases with an assignment of their own
    /// are left out.
    Group(GroupId),
}

/// An assignment. Of several about one thing the last one stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// What it is about: `case` or `group`.
    #[serde(flatten)]
    pub about: About,
    /// The scenario, for when there is no such case any more.
    pub scenario: String,
    /// The beginning of what was asked, or of a group of what it is complained of. Secrets and
    /// personal data are replaced.
    pub input: String,
    /// The category; none where it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Fingerprint of what the category meant by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// Who assigned it.
    pub by: String,
    /// When, as year, month and day.
    pub date: jiff::civil::Date,
    /// The run whose answer was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// How it came about where nobody read the failure for it: `merge of a, b`, `with group 0123abcd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// What a model had proposed, where it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposed>,
}

/// What a model had proposed before a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// The category; none where it said that none fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The model, as it calls itself.
    pub model: String,
}

/// The assignments of a suite.
pub type Codes = Ledger<Code>;

impl Line for Code {
    const WHAT: &'static str = "assignment";

    fn mistake(&self) -> Option<(String, &'static str)> {
        if self.by.trim().is_empty() {
            Some(("`by` says nothing".into(), "write who assigned it"))
        } else if self.category.is_some() && self.definition.is_none() {
            Some((
                "`definition` is missing".into(),
                "assign it with `holdline code assign`, which notes what the category meant",
            ))
        } else {
            None
        }
    }
}

impl Codes {
    /// The assignments of the suite with this file, both relative to the root.
    pub fn of_suite(root: &Path, suite: &str) -> Result<Self, Diagnostics> {
        Self::open(root, &beside(suite, "codes"))
    }

    /// The last word on everything, those that were taken back left out.
    pub fn standing(&self) -> BTreeMap<&About, &Code> {
        let mut standing: BTreeMap<&About, &Code> =
            self.lines.iter().map(|code| (&code.about, code)).collect();
        standing.retain(|_, code| code.category.is_some());
        standing
    }

    /// What people do not agree on: each has a last word on it, and they differ.
    pub fn disputed(&self) -> BTreeSet<&About> {
        let mut last: BTreeMap<&About, BTreeMap<&str, Option<&str>>> = BTreeMap::new();
        for code in self.lines.iter().filter(|code| code.how.is_none()) {
            last.entry(&code.about).or_default().insert(&code.by, code.category.as_deref());
        }
        let differ = |words: &BTreeMap<&str, Option<&str>>| {
            words.values().flatten().collect::<BTreeSet<_>>().len() > 1
        };
        last.into_iter().filter(|(_, words)| differ(words)).map(|(about, _)| about).collect()
    }
}

/// The assignments of a suite by the taxonomy of today.
#[derive(Debug, Clone, Default)]
pub struct Coding {
    taxonomy: Taxonomy,
    /// What each category means, by id.
    definitions: BTreeMap<String, String>,
    standing: BTreeMap<About, Code>,
}

/// Which category a failure belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coded<'c> {
    /// Nobody has said.
    Open,
    /// To this one.
    In {
        /// The category, or what it was merged into.
        category: &'c Category,
        /// Who said so.
        code: &'c Code,
        /// Whether the category meant something else by then: the failure has to be read again.
        outdated: bool,
    },
    /// It was assigned to a category that was split into these: it has to be read again.
    Split {
        /// What was assigned.
        code: &'c Code,
        /// What it was split into.
        into: &'c [String],
    },
    /// It was assigned to a category that there is not.
    Gone(&'c Code),
}

impl Coded<'_> {
    /// Whether somebody has to read the failure, for the first time or again.
    pub const fn is_pending(&self) -> bool {
        !matches!(self, Self::In { outdated: false, .. })
    }
}

impl Coding {
    /// What the assignments come to.
    pub fn new(taxonomy: Taxonomy, codes: &Codes) -> Self {
        let meaning = |of: &Category| (of.id.clone(), taxonomy.definition(of));
        let definitions = taxonomy.file.category.iter().map(meaning).collect();
        let standing =
            codes.standing().into_iter().map(|(about, code)| (about.clone(), code.clone())).collect();
        Self { taxonomy, definitions, standing }
    }

    /// The categories.
    pub const fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// What a category means, as a fingerprint; none where there is none of that id.
    pub fn definition(&self, category: &str) -> Option<&str> {
        self.definitions.get(category).map(String::as_str)
    }

    /// Whether nothing was assigned.
    pub fn is_empty(&self) -> bool {
        self.standing.is_empty()
    }

    /// Whether any group was assigned as a whole.
    pub fn has_groups(&self) -> bool {
        self.standing.keys().any(|about| matches!(about, About::Group(_)))
    }

    /// All that is assigned, with what it comes to.
    pub fn all(&self) -> impl Iterator<Item = (&About, Coded<'_>)> {
        self.standing.iter().map(|(about, code)| (about, self.read(code)))
    }

    /// The category of a case by what was assigned to itself.
    pub fn of(&self, case: CaseId) -> Coded<'_> {
        self.of_complaints(case, std::iter::empty())
    }

    /// The category of a failure; where it has none of its own, that of the first of its groups that has one.
    pub fn of_failure(&self, failure: &Failure) -> Coded<'_> {
        let Failure { suite, scenario, complaints, .. } = failure;
        self.of_complaints(failure.case, complaints.iter().filter_map(|of| group_of(suite, scenario, of)))
    }

    /// The same where no failure was made of the answer.
    pub fn of_complaints(&self, case: CaseId, mut groups: impl Iterator<Item = GroupId>) -> Coded<'_> {
        let own = self.standing.get(&About::Case(case));
        let of_group = || groups.find_map(|group| self.standing.get(&About::Group(group)));
        own.or_else(of_group).map_or(Coded::Open, |code| self.read(code))
    }

    fn read<'c>(&'c self, code: &'c Code) -> Coded<'c> {
        let Some(id) = code.category.as_deref() else { return Coded::Open };
        match self.taxonomy.became(id) {
            Became::Category(category) => {
                let outdated = code.definition.as_deref() != self.definition(&category.id);
                Coded::In { category, code, outdated }
            }
            Became::Split(into) => Coded::Split { code, into },
            Became::Unknown => Coded::Gone(code),
        }
    }
}

/// The group of failures that say exactly the same as a complaint. A judge that is a model gives no two reasons in
/// the same words: what it complains of has no such group.
pub fn group_of(suite: &str, scenario: &str, complaint: &Complaint) -> Option<GroupId> {
    (complaint.kind != ComplaintKind::Model)
        .then(|| Fingerprint::of_complaint(suite, scenario, complaint).0.id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::diagnostic::Source;

    fn taxonomy(text: &str) -> Taxonomy {
        Taxonomy::read(Source::new("suites/taxonomy.toml", text.into())).unwrap().0
    }

    const LATE: &str = "[[category]]\nid = \"late\"\nname = \"Late\"\ndefinition = \"too late\"\n";
    const UNIT: &str = "[[category]]\nid = \"unit\"\nname = \"Unit\"\ndefinition = \"years for months\"\n";

    fn code(about: About, category: Option<&str>, definition: Option<&str>, by: &str) -> Code {
        Code {
            about,
            scenario: "s".into(),
            input: "i".into(),
            category: category.map(str::to_owned),
            definition: definition.map(str::to_owned),
            by: by.into(),
            date: "2026-11-28".parse().unwrap(),
            run: None,
            how: None,
            proposed: None,
        }
    }

    fn group() -> GroupId {
        "89abcdef".parse().unwrap()
    }

    fn case(n: u8) -> CaseId {
        CaseId::of(&[&[n]])
    }

    #[test]
    fn an_assignment_is_one_line_that_says_what_it_is_about() {
        let line = serde_json::to_string(&code(
            About::Group("0123abcd".parse().unwrap()),
            Some("late"),
            Some("f"),
            "Ada",
        ))
        .unwrap();
        assert_eq!(
            line,
            r#"{"group":"0123abcd","scenario":"s","input":"i","category":"late","definition":"f","by":"Ada","date":"2026-11-28"}"#
        );
        let read: Code = serde_json::from_str(&line).unwrap();
        assert_eq!(read.about, About::Group("0123abcd".parse().unwrap()));
    }

    #[test]
    fn a_case_has_its_own_category_or_that_of_its_group_and_what_changed_is_pending() {
        let folder = tempfile::tempdir().unwrap();
        let mut codes = Codes::of_suite(folder.path(), "suites/a.toml").unwrap();
        let today = taxonomy(&[LATE, UNIT].concat());
        let means = |id: &str| today.definition(today.get(id).unwrap());
        let (late, unit) = (means("late"), means("unit"));
        codes
            .add(vec![
                code(About::Case(case(1)), Some("unit"), Some(&unit), "Ada"),
                code(About::Case(case(1)), Some("late"), Some(&late), "Ben"),
                code(About::Group(group()), Some("unit"), Some(&unit), "Ada"),
                code(About::Case(case(2)), Some("late"), Some("older"), "Ada"),
                code(About::Case(case(3)), Some("late"), Some(&late), "Ada"),
                code(About::Case(case(3)), None, None, "Ada"),
                code(About::Case(case(4)), Some("never"), Some("x"), "Ada"),
            ])
            .unwrap();
        let coding = Coding::new(today.clone(), &codes);
        let of = |n: u8, group: Option<GroupId>| match coding.of_complaints(case(n), group.into_iter()) {
            Coded::In { category, outdated, .. } => format!("{} {outdated}", category.id),
            Coded::Open => "open".into(),
            Coded::Split { into, .. } => format!("split {}", into.join(" ")),
            Coded::Gone(code) => format!("gone {}", code.category.as_deref().unwrap_or_default()),
        };
        assert_eq!(of(1, Some(group())), "late false");
        assert_eq!(of(2, None), "late true");
        assert_eq!((of(3, Some(group())), of(3, None)), ("unit false".into(), "open".into()));
        assert_eq!(of(4, None), "gone never");
        assert_eq!(codes.disputed(), BTreeSet::from([&About::Case(case(1))]));

        let change = "[[change]]\nkind = \"split\"\nfrom = [\"late\"]\ninto = [\"slow\", \"unit\"]\nby = \"A\"\ndate = 2026-11-28\nreason = \"r\"\n";
        let slow = LATE.replace("late\"", "slow\"").replace("Late", "Slow");
        let split = Coding::new(taxonomy(&[&slow, UNIT, change].concat()), &codes);
        assert!(matches!(split.of(case(1)), Coded::Split { into, .. } if into == ["slow", "unit"]));
    }
}
