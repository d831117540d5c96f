//! What the report says, in the order in which it is said.

use super::words::{Line, Mood, Section, Words};
use crate::judge::Outcome;
use crate::metric::Unit;
use crate::monitor::report::{
    Agreement, Aspect, Drift, DriftTest, Effect, Found, Group, SampleSeen, Share, SourceSeen, Unlike,
};
use crate::monitor::{Bad, BadKind, Log, Report, Route};
use crate::report::number::{arrow, count, delta, interval, p_value, value};

/// Scenarios that are listed.
const SCENARIOS: usize = 20;

/// All sections.
pub fn sections(report: &Report) -> Vec<Section> {
    let mut all = vec![head(report)];
    all.extend(problems(report));
    all.push(checks(report));
    all.extend(scenarios(report));
    all.extend(sources(report));
    all.extend(report.sampled.as_ref().map(sampled));
    all.extend(agreement(&report.agreement));
    all.push(drift(report));
    all.extend(unlike(&report.unlike, report.bar));
    all.extend(failing(report));
    all.extend(notes(report));
    all
}

fn answers(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "answer", "answers")
}

/// `0.912 [0.900, 0.923], 1,000 of 1,096`.
fn share(of: &Share) -> String {
    let number = |n: u64| value(n as f64, Unit::Count);
    let (low, high) = of.interval;
    format!(
        "{} [{low:.3}, {high:.3}], {} of {}",
        value(of.value, Unit::Share),
        number(of.count),
        number(of.of)
    )
}

fn head(report: &Report) -> Section {
    let mut section =
        Section::new(Words::ours("monitor · ").quote(&report.suite).say(" · ").quote(&report.log.name));
    let mut read = answers(report.log.answers);
    if let Some((first, last)) = report.times {
        read = format!("{read}, from {first} to {last}");
    }
    if report.log.other_spans > 0 {
        let n = usize::try_from(report.log.other_spans).unwrap_or(usize::MAX);
        read = format!("{read}; {} left aside, which are no answers", count(n, "span was", "spans were"));
    }
    section.line(Words::ours("read"), Words::ours(read));
    if report.log.operations.len() > 1 {
        let mut words =
            Words::ours("spans of several operations count, and one request may be in more than one: ");
        for (at, (name, n)) in report.log.operations.iter().enumerate() {
            words = words.say(if at == 0 { "" } else { ", " }).quote(name).say(format!(" {n}"));
        }
        section.line(Words::default(), words.say("; `--operation` says which one"));
    }
    lost(&mut section, &report.log);
    section
}

/// What could not be read of a log.
fn lost(section: &mut Section, log: &Log) {
    if log.lost() == 0 {
        return;
    }
    let all = log.lost() + log.answers;
    section.coloured(Words::ours("not read"), Mood::Warning, Words::ours(format!("{} of {all}", log.lost())));
    for Bad { kind, count, first, message } in &log.bad {
        let kind = match kind {
            BadKind::TooLong => "too long",
            BadKind::NotText => "not text",
            BadKind::NotJson => "not JSON",
            BadKind::NotAnObject => "no object",
            BadKind::NoInput => "no request",
            BadKind::NoOutput => "no answer",
            BadKind::WrongType => "a field of another type",
            BadKind::NoContent => "a span without content",
        };
        let words =
            Words::ours(format!("{count} {kind}, the first at ")).quote(format!("{}:{first}", log.name));
        section.line(Words::default(), words.say(": ").quote(message));
    }
}

fn problems(report: &Report) -> Option<Section> {
    if report.problems.is_empty() {
        return None;
    }
    let mut section = Section { mood: Mood::Bad, ..Section::new(Words::ours("cannot tell")) };
    for problem in &report.problems {
        section.line(Words::default(), Words::outside(problem));
    }
    Some(section)
}

fn checks(report: &Report) -> Section {
    let mut section = Section::new(Words::ours("checks"));
    match &report.pass {
        Some(pass) => section.line(Words::ours("pass"), Words::ours(share(pass))),
        None => section.line(Words::ours("pass"), Words::ours("no answer was graded by a check")),
    }
    let of = &report.checked;
    let mut rest = Vec::new();
    for (n, one, many) in [
        (of.errors, "is an error in place of an answer", "are errors in place of answers"),
        (of.ungraded, "could not be told of", "could not be told of"),
        (of.not_applicable, "does not apply", "do not apply"),
        (of.unchecked, "has nothing that could be checked", "have nothing that could be checked"),
        (
            of.partly,
            "was checked in part, as the rest needs a seed",
            "were checked in part, as the rest needs a seed",
        ),
    ] {
        if n > 0 {
            rest.push(count(usize::try_from(n).unwrap_or(usize::MAX), one, many));
        }
    }
    if !rest.is_empty() {
        section.line(Words::ours("beside"), Words::ours(rest.join("; ")));
    }
    for (route, tally) in &report.routes {
        let how = match route {
            Route::Named => "the log names the scenario".to_owned(),
            Route::Seed => "a seed's own words".to_owned(),
            Route::Alike => format!("like a seed (from {:.2} up)", report.bar),
            Route::Unlike => "like no scenario".to_owned(),
        };
        let pass = Share::of(tally.pass, tally.pass + tally.fail);
        let pass =
            pass.map(|of| format!("; of those that checks grade {} pass", share(&of))).unwrap_or_default();
        section.line(Words::ours("whose"), Words::ours(format!("{how}: {}{pass}", answers(tally.answers))));
    }
    if let Some(declines) = &report.declines {
        section.line(Words::ours("decline"), Words::ours(format!("{}, by their wording", share(declines))));
    }
    if !report.unasked.is_empty() {
        let mut words = Words::ours("nobody asked ");
        for (at, judge) in report.unasked.iter().enumerate() {
            words = words.say(if at == 0 { "" } else { ", " }).quote(judge);
        }
        let words = words.say("; `--sample N` has them judge N answers");
        section.coloured(Words::ours("judges"), Mood::Warning, words);
    }
    section
}

fn scenarios(report: &Report) -> Option<Section> {
    if report.scenarios.is_empty() {
        return None;
    }
    let mut section = Section::new(Words::ours("scenarios"));
    let mut sorted: Vec<_> = report.scenarios.iter().collect();
    // The worst first, those without a share last.
    sorted.sort_by(|a, b| {
        let key = |of: &Option<Share>| of.map_or(2.0, |share| share.value);
        key(&a.pass).total_cmp(&key(&b.pass)).then_with(|| a.scenario.cmp(&b.scenario))
    });
    for of in sorted.iter().take(SCENARIOS) {
        let pass =
            of.pass.as_ref().map_or_else(|| "none graded".to_owned(), |pass| format!("pass {}", share(pass)));
        let text = format!("{pass}; {}", answers(of.tally.answers));
        section.line(Words::default(), Words::outside(&of.scenario).say(": ").say(text));
    }
    if sorted.len() > SCENARIOS {
        section.line(Words::default(), Words::ours(format!("and {} more", sorted.len() - SCENARIOS)));
    }
    Some(section)
}

fn sources(report: &Report) -> Option<Section> {
    if report.sources.is_empty() {
        return None;
    }
    let mut section = Section::new(Words::ours("users and people"));
    for SourceSeen { name, said, good, neither, unread, scale } in &report.sources {
        let mut text = match good {
            Some(good) => format!(": good {}", share(good)),
            None => ": nothing that says good or bad".to_owned(),
        };
        let all = report.log.answers;
        text = format!("{text}; said of {said} of {all}");
        if *neither > 0 {
            text = format!("{text}; {neither} neither");
        }
        if let Some((low, high)) = scale {
            text = format!("{text}; its numbers were read from {low} (worst) to {high} (best)");
        }
        if *unread > 0 {
            text = format!("{text}; {unread} on no known scale, say which with `--scale`");
        }
        section.line(Words::default(), Words::outside(name).say(text));
    }
    Some(section)
}

fn sampled(seen: &SampleSeen) -> Section {
    let title = format!("judges, on a sample of {} of {}", seen.asked, answers(seen.of));
    let mut section = Section::new(Words::ours(title));
    if let Some(why) = &seen.stopped {
        let text = format!("{} of {} were asked about: ", seen.asked, seen.wanted);
        section.coloured(Words::ours("stopped"), Mood::Warning, Words::ours(text).quote(why));
    }
    for judge in &seen.judges {
        let mut text = match &judge.pass {
            Some(pass) => format!(": pass {}", share(pass)),
            None => ": no verdict".to_owned(),
        };
        for (outcome, n) in &judge.outcomes {
            let outcome = if *outcome == Outcome::Skipped {
                "not asked, since a check fails"
            } else {
                &outcome.to_string()
            };
            if !matches!(outcome, "pass" | "fail") {
                text = format!("{text}; {n} {outcome}");
            }
        }
        if judge.reports_only {
            text = format!("{text}; it may not gate, and only reports");
        }
        section.line(Words::default(), Words::outside(&judge.judge).say(text));
    }
    if let Some(spent) = &seen.spent {
        section.line(Words::ours("spent"), Words::ours(spent));
    }
    section
}

fn agreement(all: &[Agreement]) -> Option<Section> {
    if all.is_empty() {
        return None;
    }
    let mut section = Section::new(Words::ours("agreement"));
    for Agreement { one, other, counts: [_, first, second, _], agree, kappa } in all {
        let Some(agree) = agree else { continue };
        let kappa = kappa.map_or_else(
            || "kappa not defined".to_owned(),
            |of| format!("kappa {}", value(of, Unit::Coefficient)),
        );
        let words = Words::outside(one).say(" and ").quote(other).say(format!(": {}; {kappa}", share(agree)));
        let words = words.say(format!("; {first} good to ")).quote(one).say(" alone");
        let words = words.say(format!(", {second} to ")).quote(other).say(" alone");
        section.line(Words::default(), words);
    }
    Some(section)
}

fn drift(report: &Report) -> Section {
    let Some(drift) = &report.drift else {
        let mut section = Section::new(Words::ours("drift"));
        let why = report.no_drift.as_deref().unwrap_or("nothing to compare with");
        section.line(Words::ours("untested"), Words::outside(why));
        return section;
    };
    let Drift { against, log, answers: (before, now), by_conversation, alpha, tests, left_out } = drift;
    let mut section = Section::new(Words::ours("drift against ").quote(against));
    let each = if *by_conversation { ", one of each conversation" } else { "" };
    let compared = format!("{before} before, {now} now{each}; {}", count(tests.len(), "test", "tests"));
    section.line(Words::ours("compared"), Words::ours(format!("{compared}, Holm at {alpha}")));
    if let Some(log) = log {
        lost(&mut section, log);
    }
    let found = |of: Found| tests.iter().filter(move |test| test.found == of);
    if tests.is_empty() {
        section.coloured(Words::ours("untested"), Mood::Warning, Words::ours("nothing could be tested"));
    } else if found(Found::Drifted).next().is_none() {
        let verdict = "nothing that cannot be chance, or nothing large enough to look at";
        section.coloured(Words::ours("none found"), Mood::Good, Words::ours(verdict));
    }
    for (of, label, mood) in [
        (Found::Drifted, "drifted", Mood::Bad),
        (Found::Slight, "slight", Mood::Warning),
        (Found::Nothing, "same", Mood::Plain),
    ] {
        for test in found(of) {
            section.coloured(Words::ours(label), mood, tested(test));
        }
    }
    for (what, why) in left_out {
        section.line(Words::ours("untested"), Words::outside(what).say(": ").say(why));
    }
    section
}

fn tested(test: &DriftTest) -> Words {
    let aspect = match test.aspect {
        Aspect::Inputs => "asked",
        Aspect::Answers => "answered",
        Aspect::Outcomes => "outcome",
    };
    let mut words = Words::ours(format!("{aspect}: ")).quote(&test.what).say(" ");
    if let Some((before, now)) = test.values {
        let what = if test.unit == Unit::Share { "" } else { "median " };
        words = words.say(format!("{what}{}, ", arrow(before, now, test.unit)));
    }
    words = match &test.effect {
        Effect::Superiority { value, interval } => {
            words.say(format!("above before in {} of pairs", near(*value, *interval)))
        }
        Effect::Classifier { value, interval } => words.say(format!("AUC {}", near(*value, *interval))),
        Effect::Difference { value, interval: of } => {
            words.say(format!("{} {}", delta(*value, Unit::Share), interval(*of, Unit::Share)))
        }
        Effect::Most { name, shares: (was, is), interval: of } => {
            let (change, of) = (delta(is - was, Unit::Share), interval(*of, Unit::Share));
            words.say("most: ").quote(name).say(format!(" {}, {change} {of}", arrow(*was, *is, Unit::Share)))
        }
        Effect::Divergence { value, by_chance: (low, high) } => {
            words.say(format!("Jensen–Shannon {value:.4} bits, by chance {low:.4} to {high:.4}"))
        }
    };
    if let Some(psi) = test.psi {
        words = words.say(format!(", PSI {psi:.3}"));
    }
    let adjusted = p_value(test.adjusted);
    words.say(format!("; {}, {adjusted} adjusted; n {} and {}", test.test, test.n.0, test.n.1))
}

fn near(value: f64, (low, high): (f64, f64)) -> String {
    format!("{value:.3} [{low:.3}, {high:.3}]")
}

fn unlike(of: &Unlike, bar: f64) -> Option<Section> {
    let all = of.share.as_ref().filter(|share| share.count > 0)?;
    let mut section = Section::new(Words::ours("like no scenario"));
    section
        .line(Words::ours("requests"), Words::ours(format!("{}: below {bar:.2} of every seed", share(all))));
    let (grouped, alone) = (of.grouped, of.alone);
    let text = format!("{grouped} different ones of {} grouped; {alone} alone", answers(of.grouped_answers));
    section.line(Words::ours("grouped"), Words::ours(text));
    for Group { answers: n, different, terms, examples, label, line, toml } in &of.groups {
        let mut words =
            Words::ours(format!("{different} different: ")).quote(terms.join(" ")).say(", such as ");
        words = words.quote(examples.first().cloned().unwrap_or_default()).say(format!(" (line {line})"));
        if let Some((label, times, labelled)) = label {
            words = words.say("; answered ").quote(label).say(format!(" in {times} of {labelled}"));
        }
        section.lines.push(Line {
            label: Words::ours(answers(*n)),
            mood: Mood::Plain,
            text: words,
            block: Some(toml.clone()),
        });
    }
    if of.more > 0 {
        section.line(Words::default(), Words::ours(format!("and {} more groups", of.more)));
    }
    Some(section)
}

fn failing(report: &Report) -> Option<Section> {
    if report.failing.is_empty() {
        return None;
    }
    let all = report.checked.fail + report.checked.errors;
    let title = format!("failing, {} of {all}", report.failing.len());
    let mut section = Section::new(Words::ours(title));
    for example in &report.failing {
        let scenario = example.scenario.as_deref().unwrap_or("no scenario");
        let words = Words::outside(scenario).say(": ").quote(&example.reason);
        section.line(Words::outside(format!("line {}", example.line)), words);
        section.line(Words::ours("asked"), Words::outside(&example.input));
        section.line(Words::ours("answered"), Words::outside(&example.output));
    }
    Some(section)
}

fn notes(report: &Report) -> Option<Section> {
    let mut section = Section::new(Words::ours("notes"));
    for written in &report.written {
        let words = Words::ours(format!("{} {} in ", written.count, written.what)).quote(&written.path);
        section.line(Words::ours("written"), words);
    }
    for (name, n) in &report.unknown {
        section.line(Words::ours("unknown"), Words::ours(format!("{n} name the scenario ")).quote(name));
    }
    for note in &report.notes {
        section.line(Words::ours("note"), Words::outside(note));
    }
    (!section.lines.is_empty()).then_some(section)
}
