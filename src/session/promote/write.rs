//! Promoted cases on the disk: checked as the next run would check them, then written, all or none.

use super::{PromoteError, Wanted};
use crate::distil::promote::{Adds, KnownCase, Promoted, adds, twin};
use crate::expand::{Case, Expansion, Promise};
use crate::report::escape::terminal_line;
use crate::report::file::replace;
use crate::session::Options;
use crate::session::begin::case_errors;
use crate::session::case_check::CaseCheck;
use crate::session::neighbours::Plans;
use crate::suite::addition::with_input;
use crate::suite::as_text;
use crate::suite::diagnostic::Source;
use crate::suite::variants::{Placed, VariantFile, path_of};
use crate::suite::{Diagnostics, Place, Suite, load};
use crate::synth::decision::{Decisions, Event};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// Writes cases of which it is stated what must hold: into the variants files of their suites or, with `as_case`,
/// among the inputs of their scenarios. Nothing is written where one of them cannot be.
pub fn write(
    options: &Options,
    plans: &Plans,
    wanted: &[Wanted],
    as_case: bool,
) -> Result<Vec<Promoted>, PromoteError> {
    if options.ci {
        return Err(PromoteError::Ci);
    }
    let mut suites: BTreeMap<usize, (Suite, VariantFile)> = BTreeMap::new();
    let mut known: Vec<Vec<KnownCase>> = plans.known.clone();
    let mut promoted: Vec<Made<'_, Adds>> = Vec::with_capacity(wanted.len());
    for one in wanted {
        let of = &plans.suites[one.suite];
        if let Some(twin) = twin(of, &one.variant, one.family, one.pinned, &known[one.suite]) {
            return Err(PromoteError::Twin(format!(
                "case {} at {}:{} asks {} ({}): {}",
                twin.id,
                twin.place.file,
                twin.place.line,
                if twin.similarity >= 1.0 { "the same" } else { "nearly the same" },
                format_args!("{:.0} % alike", twin.similarity * 100.0),
                terminal_line(&crate::report::escape::shortened(&twin.text, 200)),
            )));
        }
        let adds = adds(of, &one.variant, &known[one.suite]);
        let (suite, file) = match suites.entry(one.suite) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let file = VariantFile::open(&options.root, &of.path)?;
                entry.insert(((**of).clone(), file))
            }
        };
        let line = file.variants.last().map_or(0, |last| last.line)
            + 1
            + u32::try_from(promoted.iter().filter(|(at, ..)| *at == one.suite).count()).unwrap_or(u32::MAX);
        suite.scenarios[one.scenario].variants.push(Placed { variant: one.variant.clone(), line });
        let case = made(options, suite, line)?;
        known[one.suite].push(KnownCase::of(&case));
        promoted.push((one.suite, one, case, adds));
    }
    let places = if as_case {
        into_suites(options, plans, &promoted)?
    } else {
        into_files(&options.root, &mut suites, &promoted)?
    };
    let told = |((at, one, case, adds), place): ((usize, &Wanted, Case, _), Place)| Promoted {
        suite: plans.suites[at].name.clone(),
        scenario: one.variant.scenario.clone(),
        id: case.id,
        text: as_text(&case.input),
        expects: expects(one),
        place,
        must_pass: case.must_pass.is_set(),
        pinned: one.pinned,
        scrubbed: one.scrubbed.clone(),
        adds,
    };
    Ok(promoted.into_iter().zip(places).map(told).collect())
}

/// The case that the variant at this line becomes, checked as every case is.
fn made(options: &Options, suite: &Suite, line: u32) -> Result<Case, PromoteError> {
    let (mut found, mut out) = (None, Diagnostics::default());
    let mut check = CaseCheck::new(suite);
    let file = path_of(&suite.path);
    let visited = Expansion::new(suite).and_then(|expansion| {
        expansion.visit(&mut |case| {
            let place = &case.provenance.place;
            if *place.file == *file && place.line == line && case.provenance.pedigree.is_some() {
                check.case(&case);
                found = Some(case);
            }
        })
    });
    if let Err(errors) = visited {
        case_errors(&options.root, &errors, &mut out);
    }
    check.finish(&options.root, &mut out);
    out.or(())?;
    found.ok_or_else(|| {
        PromoteError::Usage("nothing becomes of this case: its seed is not in the suite".into())
    })
}

/// What must hold of a case, as it is told.
fn expects(one: &Wanted) -> String {
    match (&one.variant.expect, &one.variant.of) {
        (Some(expect), _) => json!(expect).to_string(),
        (None, Some(_)) => "what its seed expects".to_owned(),
        (None, None) => "what its scenario expects".to_owned(),
    }
}

type Made<'w, A> = (usize, &'w Wanted, Case, A);

/// Writes variants into the files beside their suites. What waited for review is accepted by it: the decision is
/// on the disk before the line, and that the line is there after it, as a review has it.
fn into_files<A>(
    root: &Path,
    suites: &mut BTreeMap<usize, (Suite, VariantFile)>,
    promoted: &[Made<'_, A>],
) -> Result<Vec<Place>, PromoteError> {
    let mut reviews: BTreeMap<usize, Decisions> = BTreeMap::new();
    for (at, one, ..) in promoted.iter().filter(|(_, one, ..)| one.candidate.is_some()) {
        if let (false, Some((suite, _))) = (reviews.contains_key(at), suites.get(&one.suite)) {
            reviews.insert(*at, Decisions::hold(root, &suite.name)?);
        }
    }
    let mut places = Vec::with_capacity(promoted.len());
    for (at, one, case, _) in promoted {
        let Some((suite, file)) = suites.get_mut(at) else { continue };
        let waiting = one.candidate.and_then(|candidate| Some((candidate, reviews.get_mut(at)?)));
        let path = PathBuf::from(path_of(&suite.path));
        let add = || file.add(one.variant.clone()).map_err(|error| PromoteError::Io { path, error });
        match waiting {
            None => add()?,
            Some((candidate, decisions)) => {
                let variant = Box::new(one.variant.clone());
                decisions.add(Event::Accept { candidate, variant })?;
                add()?;
                decisions.add(Event::Done { candidate })?;
            }
        }
        places.push(case.provenance.place.clone());
    }
    Ok(places)
}

/// Writes texts among the inputs of their scenarios, where that can be done leaving everything else as it is.
fn into_suites<A>(
    options: &Options,
    plans: &Plans,
    promoted: &[Made<'_, A>],
) -> Result<Vec<Place>, PromoteError> {
    let instead = "; leave `--as case` out, and it stands in the file beside the suite";
    let mut texts: BTreeMap<usize, (String, String)> = BTreeMap::new();
    for (at, one, ..) in promoted {
        let suite = &plans.suites[*at];
        let refuse = |why: String| Err(PromoteError::Usage(format!("{why}{instead}")));
        let variant = &one.variant;
        let Value::String(input) = &variant.input else {
            return refuse("an input that is no text cannot stand in a list of inputs".into());
        };
        if variant.expect.is_some()
            || (variant.of.is_some() && variant.promise == Promise::Same && has_row(one, plans))
        {
            return refuse("what it expects is not what its scenario expects of every input".into());
        }
        if !variant.turns.is_empty() {
            return refuse("a conversation of its own cannot stand in a list of inputs".into());
        }
        let path = options.root.join(&suite.path);
        if !texts.contains_key(at) {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| PromoteError::Io { path: path.clone(), error })?;
            texts.insert(*at, (text.clone(), text));
        }
        let Some((_, text)) = texts.get_mut(at) else { continue };
        let source = Source::new(suite.path.as_str(), text.clone());
        match with_input(&source, one.scenario, input) {
            Ok(with) => *text = with,
            Err(why) => return refuse(format!("scenario `{}`: {why}", terminal_line(&variant.scenario))),
        }
    }
    for (done, (at, (_, new))) in texts.iter().enumerate() {
        let (path, shown) = (options.root.join(&plans.suites[*at].path), &plans.suites[*at].path);
        let written =
            replace(&path, new.as_bytes()).map_err(|error| PromoteError::Io { path: path.clone(), error });
        let sound = written.and_then(|()| sound(options, plans, *at, promoted));
        if let Err(wrong) = sound {
            for (at, (old, _)) in texts.iter().take(done + 1) {
                let path = options.root.join(&plans.suites[*at].path);
                replace(&path, old.as_bytes()).map_err(|error| PromoteError::Io { path, error })?;
            }
            return Err(match wrong {
                PromoteError::Usage(why) => {
                    PromoteError::Usage(format!("{shown}: {why}; it is as it was{instead}"))
                }
                other => other,
            });
        }
    }
    let place = |(at, one, ..): &Made<'_, A>| {
        let suite = &plans.suites[*at];
        let text = texts.get(at).map(|(_, new)| Source::new(suite.path.as_str(), new.clone()));
        let asked = serde_json::to_string(&one.variant.input).unwrap_or_default();
        let line = text.and_then(|source| Some(source.line(source.text.rfind(&asked)?)));
        Place { file: suite.path.as_str().into(), line: line.unwrap_or(suite.scenarios[one.scenario].line) }
    };
    Ok(promoted.iter().map(place).collect())
}

/// Whether the seed of a case has columns or expectations of its own, which an input beside it would not have.
fn has_row(one: &Wanted, plans: &Plans) -> bool {
    let suite = &plans.suites[one.suite];
    let scenario = &suite.scenarios[one.scenario];
    let Some(seed) = one.family else { return false };
    let found = Expansion::new(suite).ok().and_then(|expansion| expansion.seed(one.scenario, seed));
    let of_scenario = scenario.spec.expect.as_ref().map_or(0, |expect| expect.as_slice().len());
    found.is_none_or(|seed| {
        !seed.row.columns.is_empty() || !seed.knobs.columns.is_empty() || seed.expect.len() != of_scenario
    })
}

/// Whether a suite file that was written has all the cases that it had, and as many more as it should.
fn sound<A>(
    options: &Options,
    plans: &Plans,
    at: usize,
    promoted: &[Made<'_, A>],
) -> Result<(), PromoteError> {
    let suite = load(&options.root, plans.suites[at].path.as_ref())?;
    let mut seeds = HashSet::new();
    let (mut all, mut out) = (HashSet::new(), Diagnostics::default());
    let visited = Expansion::new(&suite).and_then(|expansion| {
        expansion.visit(&mut |case| {
            if case.id == case.family {
                seeds.insert(case.id);
            }
            all.insert(case.id);
        })
    });
    if let Err(errors) = visited {
        case_errors(&options.root, &errors, &mut out);
    }
    out.or(())?;
    let before = plans.known[at].iter().filter(|of| of.id == of.family).count();
    let more = promoted.iter().filter(|(of, ..)| *of == at).count();
    if plans.known[at].iter().all(|of| all.contains(&of.id)) && seeds.len() == before + more {
        return Ok(());
    }
    Err(PromoteError::Usage("with the input in it the suite would have other cases than it should".into()))
}
