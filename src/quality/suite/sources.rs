//! Who wrote the texts: what programs made is worth what it is anchored in.

use super::figure::{Figure, Offender, Part, percent};
use super::{Material, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Share of cases from people that is enough.
const ENOUGH: f64 = 0.05;

pub(super) fn figure(material: &Material) -> Figure {
    let figure = Figure::new(
        "real and synthetic",
        "full when every scenario has a text that a user really said and one case in 20 is from people; mean of its parts",
        "Add what users said (`origin = \"real\"`) to the scenarios named; one a scenario is a beginning.",
    );
    let items = &material.items;
    if items.is_empty() {
        return figure.without("the suite has no cases");
    }
    let mut sources: BTreeMap<&str, BTreeSet<Source>> = BTreeMap::new();
    for item in items {
        sources.entry(&item.scenario).or_default().insert(item.source);
    }
    let count = |source| items.iter().filter(|item| item.source == source).count();
    let share = |n: usize| n as f64 / items.len() as f64;
    let (real, written, synthetic) = (count(Source::Real), count(Source::Written), count(Source::Synthetic));
    let anchored = sources.values().filter(|of| of.contains(&Source::Real)).count();
    let people = share(real + written);
    let mut missing: Vec<(bool, &str)> = sources
        .iter()
        .filter(|(_, of)| !of.contains(&Source::Real))
        .map(|(name, of)| (of.contains(&Source::Written), *name))
        .collect();
    // Those that no person wrote for come first.
    missing.sort_unstable();
    let offenders = missing
        .into_iter()
        .map(|(is_written, name)| {
            let but = if is_written { "nothing that a user said" } else { "nothing that a person wrote" };
            Offender::other(format!("scenario `{name}` has {but}"))
        })
        .collect();
    let parts = vec![
        Part::count("scenarios with a real text", anchored, sources.len()),
        Part::share("cases from people", people / ENOUGH, percent(people)),
        Part::note(
            "shares",
            format!(
                "real {}, written {}, synthetic {}",
                percent(share(real)),
                percent(share(written)),
                percent(share(synthetic))
            ),
        ),
    ];
    figure.with_mean(parts, offenders)
}
