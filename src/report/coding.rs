//! What a record says of the categories that people sorted failures into, in words that the terminal and Markdown
//! share. It informs and decides nothing.

#[cfg(feature = "cli")]
mod pages;

#[cfg(feature = "cli")]
pub use pages::{
    Counts, categories, item_page, list_page, notes_page, pending_json, pending_page, proposed_page,
    said_page,
};

use super::number;
use super::record::{CaseRecord, SuiteRecord};
use crate::distil::prevalence::{Prevalence, Share};
use crate::expand::CaseId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The categories of the failures of a suite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CodingRecord {
    /// The chance that any category is said to be more common where none is.
    pub alpha: f64,
    /// The failures of the run, and how many of them have a category.
    pub failed: CodedOf,
    /// The same of the baseline, where there is one to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<CodedOf>,
    /// How common each category is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prevalence: Vec<Prevalence>,
    /// What people call them, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// The categories of the cases that failed, where they have one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cases: BTreeMap<CaseId, CaseCoding>,
}

/// Cases that failed, and how many of them have a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodedOf {
    /// How many have one.
    pub coded: usize,
    /// Of how many.
    pub of: usize,
}

/// The category of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseCoding {
    /// Its id.
    pub category: String,
    /// Whether it was assigned under an older definition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outdated: bool,
}

/// A category that a reader has to see, whatever the metrics say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rise {
    /// Whether the baseline has no failure of it, or fewer.
    pub(super) is_new: bool,
    /// It with its numbers, in a line.
    pub(super) text: String,
}

impl CodingRecord {
    fn name(&self, id: &str) -> String {
        self.names.get(id).map_or_else(|| format!("`{id}`"), |name| format!("{name} (`{id}`)"))
    }
}

/// What a category is called where a case is listed; nothing where it has none.
pub(super) fn of_case(suite: &SuiteRecord, case: &CaseRecord) -> Option<String> {
    let coding = suite.coding.as_ref()?;
    let CaseCoding { category, outdated } = coding.cases.get(&case.id)?;
    let older = if *outdated { ", under an older definition" } else { "" };
    Some(format!("{}{older}", coding.name(category)))
}

/// The categories that are new since the baseline, and those that are more common, in the order of the taxonomy.
pub(super) fn rises(suite: &SuiteRecord) -> Vec<Rise> {
    let Some(coding) = &suite.coding else { return Vec::new() };
    let rising = |of: &&Prevalence| of.is_new() || of.rises(coding.alpha);
    let told = |of: &Prevalence| Rise { is_new: of.is_new(), text: told(coding, of) };
    coding.prevalence.iter().filter(rising).map(told).collect()
}

fn told(coding: &CodingRecord, of: &Prevalence) -> String {
    let mut text = format!("{}: {}", coding.name(&of.category), seeds(of.now));
    if let Some(before) = of.before {
        let before = match before.seeds {
            0 => format!("none of {} in the baseline", before.of),
            _ => format!("{} of {} in the baseline", before.seeds, before.of),
        };
        text = format!("{text}, {before}");
    }
    if let (Some(p), Some(adjusted)) = (of.p, of.adjusted) {
        let beyond = if of.rises(coding.alpha) { "more than chance" } else { "chance alone could do it" };
        let all = coding.prevalence.iter().filter(|of| of.p.is_some()).count();
        let holm = if all > 1 {
            format!("; {} over {}", number::p_value(adjusted), number::count(all, "category", "categories"))
        } else {
            String::new()
        };
        text = format!("{text} ({}{holm}: {beyond})", number::p_value(p));
    }
    // What nobody sorted may be of it.
    let open = coding.before.map_or(0, |before| before.of - before.coded.min(before.of));
    if of.is_new() && open > 0 {
        let failures = number::count(open, "failure", "failures");
        let have = if open == 1 { "has" } else { "have" };
        text = format!("{text}. {failures} of the baseline {have} no category and may be of it");
    }
    text
}

fn seeds(share: Share) -> String {
    let fail = if share.seeds == 1 { "seeds fails" } else { "seeds fail" };
    format!("{} of {} {fail} with it", share.seeds, share.of)
}

/// How the failures are spread over categories, in a line; nothing where none failed or nothing was assigned.
pub(super) fn spread(suite: &SuiteRecord) -> Option<String> {
    let coding = suite.coding.as_ref().filter(|coding| coding.failed.of > 0)?;
    let mut there: Vec<&Prevalence> = coding.prevalence.iter().filter(|of| of.now.seeds > 0).collect();
    there.sort_by_key(|of| std::cmp::Reverse(of.now.seeds));
    let mut parts: Vec<String> =
        there.iter().take(MOST).map(|of| format!("{} {}", coding.name(&of.category), of.now.seeds)).collect();
    let more = there.len().saturating_sub(MOST);
    if more > 0 {
        parts.push(number::count(more, "more category", "more categories"));
    }
    let CodedOf { coded, of } = coding.failed;
    let listed = if parts.is_empty() { String::new() } else { format!("{} (in seeds); ", parts.join(", ")) };
    let open = of - coded.min(of);
    let rest = match open {
        0 if of == 1 => "the failing case has a category".to_owned(),
        0 => format!("all {of} failing cases have a category"),
        1 => format!("1 of {of} failing cases has no category yet: `holdline code pending`"),
        _ => format!("{open} of {of} failing cases have no category yet: `holdline code pending`"),
    };
    Some(format!("{listed}{rest}"))
}

/// Most categories told in a line.
const MOST: usize = 6;

/// How many failures were assigned under an older definition, in a line.
pub(super) fn outdated(suite: &SuiteRecord) -> Option<String> {
    let coding = suite.coding.as_ref()?;
    let n = coding.cases.values().filter(|of| of.outdated).count();
    (n > 0).then(|| {
        let cases = number::count(n, "failing case was", "failing cases were");
        format!("{cases} sorted under an older definition of the category: `holdline code review` goes through them")
    })
}
