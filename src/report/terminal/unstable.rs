//! The cases whose answers disagree, those that pass least first.

use super::cases::asked;
use crate::report::number;
use crate::report::page::{Page, Tint};
use crate::report::record::SuiteRecord;
use crate::report::repeats::{LISTED, rolled_up, unstable};

/// Columns of what the answers come to: the longest is `pass 99/100`.
const ROLLED_UP: usize = 13;

pub(super) fn write(page: &mut Page, suite: &SuiteRecord) {
    let cases = unstable(suite);
    if cases.is_empty() {
        return;
    }
    page.gap();
    let title = number::count(
        cases.len(),
        "unstable case, whose answers disagree:",
        "unstable cases, whose answers disagree, the worst first:",
    );
    page.text(2, Tint::Strong, &title);
    for case in cases.iter().take(LISTED) {
        let rolled_up = rolled_up(case).unwrap_or_default();
        page.item(4, ROLLED_UP, (&rolled_up, Tint::Warning), &format!("{}  {}", case.id, asked(case)));
    }
    if cases.len() > LISTED {
        let more = number::count(cases.len() - LISTED, "case", "cases");
        page.text(4, Tint::Plain, &format!("and {more} more"));
    }
}
