//! Distilled failures for a terminal, and as JSON.

use super::escape::{shortened, terminal_line};
use super::file;
use super::json::JsonError;
use super::number::count;
use super::page::{Page, Style, Tint};
use crate::distil::{
    Cluster, ComplaintKind, Distilled, Failure, Group, Impact, Lasting, Looked, Saturation, Since,
};
use crate::suite::as_text;
use std::fmt::Write as _; // to strings, which cannot fail
use std::path::Path;

/// Longest name, word or label shown, in characters.
const NAME: usize = 100;
/// Longest text of an input or an answer, in characters.
const TEXT: usize = 240;
/// Longest reason. What came stands in it once more.
const REASON: usize = 160;
/// The same where everything of a group is shown.
const WHOLE: usize = 2_000;
/// Columns before what is said of a group.
const INDENT: usize = 10;
/// Columns of the labels of an example.
const LABELS: usize = 10;
/// Groups that say the same that are named.
const ALIKE: usize = 4;

/// What of the groups is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Whether groups of failures that are all accepted with the baseline are shown like the others; in a line each
    /// otherwise.
    pub known: bool,
    /// Most clusters of a group that are shown.
    pub clusters: usize,
}

impl View {
    /// Clusters of a group that are shown where nobody says how many.
    pub const CLUSTERS: usize = 3;
}

/// The failures of some runs as a page. All outside text in it is safe for a terminal.
pub fn render(distilled: &Distilled, view: View, style: Style) -> String {
    let mut page = Page::new(style);
    for looked in &distilled.looked {
        head(&mut page, distilled, looked);
    }
    for line in &distilled.passed_over {
        page.item(0, 6, ("note", Tint::Quiet), &safe(line, TEXT));
    }
    let is_short = |group: &&Group| group.impact.new_cases == 0 && !view.known;
    for group in distilled.groups.iter().filter(|group| !is_short(group)) {
        page.gap();
        heading(&mut page, distilled, group);
        for cluster in group.clusters.iter().take(view.clusters) {
            example(&mut page, distilled, group, cluster);
        }
        rest(&mut page, group, view.clusters);
    }
    let known: Vec<&Group> = distilled.groups.iter().filter(is_short).collect();
    if !known.is_empty() {
        page.gap();
        let cases = known.iter().map(|group| group.impact.cases).sum();
        let text = format!(
            "known: {} in {} failed when the baseline was accepted (--known shows examples)",
            count(cases, "case", "cases"),
            count(known.len(), "group", "groups")
        );
        page.text(0, Tint::Quiet, &text);
    }
    for group in known {
        let text = format!("{}: {} ({})", safe(&group.scenario_name, NAME), said(group), size(&group.impact));
        page.item(0, INDENT, (&group.id.to_string(), Tint::Quiet), &text);
    }
    next(&mut page, distilled);
    page.finish()
}

/// One group with all its cases as a page.
pub fn render_group(distilled: &Distilled, group: &Group, style: Style) -> String {
    let mut page = Page::new(style);
    heading(&mut page, distilled, group);
    for cluster in &group.clusters {
        page.gap();
        cluster_line(&mut page, group, cluster);
        for place in &cluster.failures {
            let failure = &distilled.failures[*place];
            page.gap();
            page.item(
                INDENT + 2,
                LABELS,
                ("case", Tint::Quiet),
                &format!("{}, {}", failure.case, history(failure)),
            );
            case(&mut page, failure, (WHOLE, WHOLE));
        }
    }
    page.finish()
}

/// Writes distilled failures as JSON to a file, which is replaced as a whole or not at all.
pub fn write(distilled: &Distilled, path: &Path) -> Result<(), JsonError> {
    let fail = |source| JsonError::Write { path: path.to_owned(), source };
    let mut text = serde_json::to_string_pretty(distilled).map_err(|error| fail(error.into()))?;
    text.push('\n');
    file::replace(path, text.as_bytes()).map_err(fail)
}

/// What was looked at in a suite, and how near its groups are to being all.
fn head(page: &mut Page, distilled: &Distilled, looked: &Looked) {
    page.gap();
    page.text(0, Tint::Strong, &safe(&looked.suite, NAME));
    let runs = match looked.runs.as_slice() {
        [one] => format!("run {}", safe(one, NAME)),
        [newest, .., oldest] => {
            format!("{} runs, {} to {}", looked.runs.len(), safe(oldest, NAME), safe(newest, NAME))
        }
        [] => "no run".to_owned(),
    };
    let part = if looked.partial { ", in which only a part of the suite was asked" } else { "" };
    page.item(2, INDENT, ("from", Tint::Quiet), &format!("{runs}{part}"));
    let failures: Vec<&Failure> = distilled.failures.iter().filter(|of| of.suite == looked.suite).collect();
    let graded = count(looked.graded, "case", "cases");
    let (tint, mut text) = match (looked.graded, looked.failed) {
        (0, _) => (Tint::Warning, "no case was graded, so that nothing can be said".to_owned()),
        (_, 0) => (Tint::Good, format!("none of {graded} that were graded")),
        (_, failed) => (Tint::Bad, format!("{failed} of {graded} that were graded")),
    };
    if looked.graded < looked.cases {
        let _ = write!(text, " ({} were asked)", looked.cases);
    }
    if let Some(told) = told_since(&failures) {
        let _ = write!(text, "; {told}");
    }
    page.item(2, INDENT, ("failed", tint), &text);
    if looked.unjudged > 0 {
        let text = format!(
            "{} of {} had an answer that could not be judged: that is no failure, and no pass either",
            looked.unjudged,
            count(looked.cases, "case", "cases")
        );
        page.item(2, INDENT, ("unjudged", Tint::Warning), &text);
    }
    if let Some(text) = told_lasting(&failures) {
        page.item(2, INDENT, ("how often", Tint::Quiet), &text);
    }
    if let Some(of) = distilled.saturation.iter().find(|of| of.suite == looked.suite) {
        saturation(page, &of.saturation);
    }
}

/// How many failures are new, where there is a baseline to tell.
fn told_since(failures: &[&Failure]) -> Option<String> {
    let of = |since: Since| failures.iter().filter(|failure| failure.since == since).count();
    if failures.is_empty() {
        return None;
    }
    if of(Since::Unknown) == failures.len() {
        return Some("without a baseline to compare with, nobody knows which are new".to_owned());
    }
    let mut parts = Vec::new();
    for (since, what) in [
        (Since::Passed, "passed in the baseline"),
        (Since::Added, "the baseline does not have"),
        (Since::Unknown, "cannot be compared with a baseline"),
        (Since::Known, "failed in the baseline too"),
    ] {
        if of(since) > 0 {
            parts.push(format!("{} {what}", of(since)));
        }
    }
    Some(parts.join(", "))
}

/// How many fail every time, and how many at times.
fn told_lasting(failures: &[&Failure]) -> Option<String> {
    let of = |lasting: Lasting| failures.iter().filter(|failure| failure.seen.lasting() == lasting).count();
    if failures.is_empty() {
        return None;
    }
    let (always, times, once) = (of(Lasting::Persistent), of(Lasting::Intermittent), of(Lasting::Once));
    let mut parts = Vec::new();
    if always > 0 {
        parts.push(format!("{always} every time"));
    }
    if times > 0 {
        parts.push(format!("{times} at times"));
    }
    if once > 0 {
        let why = "asked once, so that nobody knows whether always (name several runs, or set repeats)";
        parts.push(format!("{once} {why}"));
    }
    Some(parts.join(", "))
}

fn saturation(page: &mut Page, of: &Saturation) {
    let (Some(next), Some(most)) = (of.next_is_new, of.at_most) else { return };
    let ways = |n: usize| count(n, "way to fail", "ways to fail");
    let mut text = format!("{} over {}", ways(of.seen), count(of.seeds, "seed", "seeds"));
    if of.once == 0 && of.twice == 0 {
        // The estimate is 0 then, and so is its error; that says nothing of ways rarer than these.
        text += ", each shown by at least three: no sign of further ways";
    } else {
        let _ = write!(
            text,
            ", {} of them shown by one seed alone. The next failing seed fails in a new way with a chance of about {} \
             (at most {})",
            of.once,
            percent(next),
            percent(most)
        );
        let least = whole(of.at_least);
        if least > of.seen {
            let _ = write!(text, "; there are at least {}", ways(least));
        }
    }
    page.item(2, INDENT, ("seen", Tint::Quiet), &text);
}

/// A number of things of which there are at least so many.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, far below 2^52")]
fn whole(at_least: f64) -> usize {
    at_least.ceil() as usize
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// What a group is.
fn heading(page: &mut Page, distilled: &Distilled, group: &Group) {
    let mut title = safe(&group.scenario_name, NAME);
    if distilled.looked.len() > 1 {
        title = format!("{}: {title}", safe(&group.of.suite, NAME));
    }
    let tint = if group.impact.new_cases > 0 { Tint::Bad } else { Tint::Warning };
    page.item(0, INDENT, (&group.id.to_string(), tint), &title);
    page.text(INDENT, Tint::Plain, &said(group));
    page.text(INDENT, Tint::Plain, &size(&group.impact));
    if !group.also.is_empty() {
        let also: Vec<String> = group
            .also
            .iter()
            .map(|of| format!("{} in {} of them", safe(&who(&of.judge, of.kind), NAME), of.cases))
            .collect();
        page.text(INDENT, Tint::Quiet, &format!("also: {}", also.join(", ")));
    }
    if !group.like.is_empty() {
        let mut names: Vec<String> = group.like.iter().take(ALIKE).map(ToString::to_string).collect();
        if group.like.len() > ALIKE {
            names.push(format!("{} more", group.like.len() - ALIKE));
        }
        let scenarios = count(group.impact.scenarios - 1, "other scenario", "other scenarios");
        page.text(INDENT, Tint::Quiet, &format!("the same is said in {scenarios}: {}", names.join(", ")));
    }
    if let Some(sampled) = group.sampled {
        let text = format!(
            "{} of {} different texts were compared with each other, and the others put to the nearest",
            sampled.compared, sampled.of
        );
        page.text(INDENT, Tint::Quiet, &text);
    }
}

fn who(judge: &str, kind: ComplaintKind) -> String {
    match kind {
        ComplaintKind::Check => judge.to_owned(),
        ComplaintKind::Model => format!("judge {judge}"),
        ComplaintKind::Target { status: Some(status), .. } => format!("no answer, {judge} {status}"),
        ComplaintKind::Target { status: None, .. } => format!("no answer, {judge}"),
    }
}

/// What the failures of a group have in common.
fn said(group: &Group) -> String {
    let who = safe(&who(&group.of.judge, group.of.kind), NAME);
    let what = group.of.word.as_deref().or(group.reason.as_deref()).unwrap_or(&group.of.outline);
    if what.is_empty() { who } else { format!("{who}: {}", safe(what, TEXT)) }
}

/// How large a group is.
fn size(impact: &Impact) -> String {
    let mut text =
        format!("{} of {}", count(impact.cases, "case", "cases"), count(impact.seeds, "seed", "seeds"));
    if impact.new_cases < impact.cases {
        let _ = match impact.new_cases {
            0 => write!(text, ", known"),
            new => write!(text, ", {new} new"),
        };
    }
    for (number, what) in [
        (impact.must_pass, "must pass"),
        (impact.persistent, "every time"),
        (impact.intermittent, "at times"),
        (impact.quarantined, "in quarantine"),
    ] {
        if number > 0 {
            let _ = write!(text, ", {number} {what}");
        }
    }
    text
}

/// What names a cluster, and how large it is. A group of one needs neither.
fn cluster_line(page: &mut Page, group: &Group, cluster: &Cluster) {
    if group.clusters.len() < 2 && cluster.terms.is_empty() {
        return;
    }
    let terms: Vec<String> = cluster.terms.iter().map(|term| safe(term, NAME)).collect();
    let terms = if terms.is_empty() { "nothing more is said".to_owned() } else { terms.join(", ") };
    let text = if group.clusters.len() < 2 { terms } else { format!("{terms} ({})", size(&cluster.impact)) };
    page.item(INDENT, 2, ("·", Tint::Strong), &text);
}

/// A cluster with its most central failure.
fn example(page: &mut Page, distilled: &Distilled, group: &Group, cluster: &Cluster) {
    cluster_line(page, group, cluster);
    let failure = &distilled.failures[cluster.example];
    page.item(INDENT + 2, LABELS, ("case", Tint::Quiet), &failure.case.to_string());
    case(page, failure, (TEXT, REASON));
}

/// What was asked, what came, and what is wrong with it: texts and reasons up to so many characters.
fn case(page: &mut Page, failure: &Failure, (text, reason): (usize, usize)) {
    let mut field = |label: &str, text: &str| page.item(INDENT + 2, LABELS, (label, Tint::Quiet), text);
    field("asked", &safe(&as_text(&failure.input), text));
    if let Some(output) = &failure.output {
        field("answered", &if output.trim().is_empty() { "(empty)".to_owned() } else { safe(output, text) });
    }
    for complaint in &failure.complaints {
        let who = who(&complaint.judge, complaint.kind);
        field("failed", &safe(&format!("{who}: {}", complaint.reason), reason));
    }
    for note in &failure.notes {
        field("note", &safe(note, text));
    }
}

/// How often a failure was seen, and whether it is new.
fn history(failure: &Failure) -> String {
    let times =
        format!("failed {} of {}", failure.seen.failed, count(failure.seen.graded as usize, "time", "times"));
    let since = match failure.since {
        Since::Passed => ", passed in the baseline",
        Since::Added => ", new in the suite",
        Since::Unknown => "",
        Since::Known => ", failed in the baseline too",
    };
    let quarantined = if failure.quarantined { ", in quarantine" } else { "" };
    format!("{times}{since}{quarantined}")
}

/// Clusters that are not shown.
fn rest(page: &mut Page, group: &Group, shown: usize) {
    let left = group.clusters.iter().skip(shown);
    let (clusters, cases) = left.fold((0, 0), |(n, cases), of| (n + 1, cases + of.impact.cases));
    if clusters > 0 {
        let text = format!(
            "and {} of {} (--group {} shows all)",
            count(clusters, "cluster", "clusters"),
            count(cases, "case", "cases"),
            group.id
        );
        page.text(INDENT, Tint::Quiet, &text);
    }
}

/// What to do next.
fn next(page: &mut Page, distilled: &Distilled) {
    if let Some(group) = distilled.groups.first() {
        page.gap();
        let text = format!("holdline distil --group {} shows every case of the first group", group.id);
        page.text(0, Tint::Quiet, &text);
    }
}

fn safe(text: &str, most: usize) -> String {
    terminal_line(&shortened(text, most))
}
