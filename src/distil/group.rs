//! Failures in groups: exact ones by fingerprint, within each clusters of what the failures say, ranked by impact.

use super::cluster::{CUT, Sampled, cluster};
use super::failure::{Complaint, ComplaintKind, Failure, Lasting, Looked};
use super::fingerprint::{Fingerprint, GroupId};
use super::gather::Gathered;
use super::saturation::{Saturation, saturation};
use super::terms::Words;
use crate::expand::{CaseId, FamilyId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Version of the format of distilled failures as JSON.
pub const FORMAT: u32 = 1;

/// The failures of some runs, in groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distilled {
    /// [`FORMAT`].
    pub format: u32,
    /// What was looked at, by suite.
    pub looked: Vec<Looked>,
    /// Suites that were not looked at although a run names them, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
    /// The groups, the one of the greatest impact first.
    pub groups: Vec<Group>,
    /// By suite, how near its groups are to being all.
    pub saturation: Vec<SuiteSaturation>,
    /// The failures that the groups name by their places.
    pub failures: Vec<Failure>,
}

/// Failures of one fingerprint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Identity: the same in every run.
    pub id: GroupId,
    /// What its failures have in common.
    #[serde(flatten)]
    pub of: Fingerprint,
    /// The scenario, in words.
    pub scenario_name: String,
    /// The reason in full, where it is the same for all its failures. Untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it comes to.
    pub impact: Impact,
    /// What else is complained of in the same answers, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
    /// What its failures say, the clusters of the greatest impact first. Every failure is in one of them.
    pub clusters: Vec<Cluster>,
    /// What was compared where not every text was compared with every other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampled: Option<Sampled>,
    /// Groups of other scenarios of the suite whose failures say the same, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub like: Vec<GroupId>,
    /// Places of its failures in [`Distilled::failures`], in the order of the plan.
    pub failures: Vec<usize>,
}

/// What some failures come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Impact {
    /// Cases that must pass.
    pub must_pass: usize,
    /// Cases.
    pub cases: usize,
    /// Their seeds.
    pub seeds: usize,
    /// Cases whose failure is not accepted with the baseline.
    pub new_cases: usize,
    /// Their seeds.
    pub new_seeds: usize,
    /// Cases that fail every time, of at least two.
    pub persistent: usize,
    /// Cases that fail at times.
    pub intermittent: usize,
    /// Cases that are out of the gate for a time.
    pub quarantined: usize,
    /// Scenarios: its own, and those of the groups that say the same.
    pub scenarios: usize,
}

/// Something complained of besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    /// Who complains.
    pub judge: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: ComplaintKind,
    /// In how many cases of the group.
    pub cases: usize,
}

/// Failures of a group that say nearly the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// The words that name it, the most telling first; none where the texts have no words.
    pub terms: Vec<String>,
    /// What it comes to; of the scenarios its own.
    pub impact: Impact,
    /// The place of its most central failure.
    pub example: usize,
    /// Places of its failures, in the order of the plan.
    pub failures: Vec<usize>,
}

/// How near the groups of a suite are to being all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuiteSaturation {
    /// Name of the suite.
    pub suite: String,
    /// How near.
    #[serde(flatten)]
    pub saturation: Saturation,
}

/// Why there is no group of a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoGroup {
    /// No id begins so.
    #[error("no group of failures has an id that begins with `{0}`")]
    None(String),
    /// Several do.
    #[error("the ids of {count} groups begin with `{name}`: {}", ids.join(", "))]
    Several {
        /// As it was named.
        name: String,
        /// How many.
        count: usize,
        /// Their ids.
        ids: Vec<String>,
    },
}

/// A complaint of a failure, taken apart.
struct Told {
    fingerprint: Fingerprint,
    own: String,
}

impl Distilled {
    /// Puts failures into groups. The same failures in the same order give the same groups on every machine.
    ///
    /// A case with several complaints belongs to the one that most failures of its scenario share, of equal ones to
    /// the first, so that one cause makes few groups.
    pub fn of(gathered: Gathered) -> Self {
        let Gathered { looked, failures, passed_over } = gathered;
        let told: Vec<Vec<Told>> = failures.iter().map(told).collect();
        let texts: Vec<String> = failures.iter().zip(&told).map(|(of, told)| text(of, told)).collect();
        let mut members: BTreeMap<&Fingerprint, Vec<usize>> = BTreeMap::new();
        for (place, primary) in primaries(&told).into_iter().enumerate() {
            members.entry(primary).or_default().push(place);
        }
        let words = by_suite(&failures, &texts);
        let mut groups: Vec<Group> = members
            .into_iter()
            .map(|(of, places)| group(of, places, &failures, &told, &texts, &words))
            .collect();
        tell_alike(&mut groups, &texts);
        groups.sort_by(|a, b| rank(&a.impact).cmp(&rank(&b.impact)).then(a.id.cmp(&b.id)));
        let saturation = looked.iter().map(|of| saturation_of(&of.suite, &groups)).collect();
        Self { format: FORMAT, looked, passed_over, groups, saturation, failures }
    }

    /// The group whose id this is or begins with.
    pub fn group(&self, name: &str) -> Result<&Group, NoGroup> {
        let found: Vec<&Group> =
            self.groups.iter().filter(|group| group.id.to_string().starts_with(name)).collect();
        match found.as_slice() {
            [one] if !name.is_empty() => Ok(one),
            [] => Err(NoGroup::None(name.to_owned())),
            several => Err(NoGroup::Several {
                name: name.to_owned(),
                count: several.len(),
                ids: several.iter().map(|group| group.id.to_string()).collect(),
            }),
        }
    }

    /// The group that a case belongs to; `None` where it did not fail.
    pub fn group_of(&self, case: CaseId) -> Option<&Group> {
        self.groups.iter().find(|group| group.failures.iter().any(|place| self.failures[*place].case == case))
    }

    /// The failures of a group, in the order of the plan.
    pub fn failures_of<'d>(&'d self, group: &'d Group) -> impl Iterator<Item = &'d Failure> {
        group.failures.iter().map(|place| &self.failures[*place])
    }
}

/// What is said of a failure, by complaint.
fn told(failure: &Failure) -> Vec<Told> {
    let each = failure.complaints.iter().map(|complaint| {
        let (fingerprint, own) = Fingerprint::of(failure, complaint);
        Told { fingerprint, own }
    });
    each.collect()
}

/// What a failure says that others do not: of all its complaints, and the notes of people. A complaint that says
/// nothing of the case itself is taken as it is.
fn text(failure: &Failure, told: &[Told]) -> String {
    let own =
        told.iter().map(
            |Told { fingerprint, own }| {
                if own.trim().is_empty() { fingerprint.outline.as_str() } else { own.as_str() }
            },
        );
    own.chain(failure.notes.iter().map(String::as_str)).collect::<Vec<_>>().join("\n")
}

/// The complaint that each failure belongs to.
fn primaries(told: &[Vec<Told>]) -> Vec<&Fingerprint> {
    let mut shared: BTreeMap<&Fingerprint, usize> = BTreeMap::new();
    for of in told {
        let different: BTreeSet<&Fingerprint> = of.iter().map(|told| &told.fingerprint).collect();
        for fingerprint in different {
            *shared.entry(fingerprint).or_default() += 1;
        }
    }
    let most = |of: &'_ Vec<Told>| -> usize {
        let counts: Vec<usize> = of.iter().map(|told| shared[&told.fingerprint]).collect();
        (0..counts.len()).rev().max_by_key(|at| counts[*at]).unwrap_or(0)
    };
    told.iter().map(|of| &of[most(of)].fingerprint).collect()
}

/// The texts of each suite with their words, and where each failure's stands among them.
struct SuiteWords {
    words: BTreeMap<String, Words>,
    place: Vec<usize>,
}

fn by_suite(failures: &[Failure], texts: &[String]) -> SuiteWords {
    let mut of: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut place = Vec::with_capacity(failures.len());
    for (failure, text) in failures.iter().zip(texts) {
        let list = of.entry(failure.suite.clone()).or_default();
        place.push(list.len());
        list.push(text);
    }
    SuiteWords { words: of.into_iter().map(|(suite, texts)| (suite, Words::of(&texts))).collect(), place }
}

impl SuiteWords {
    fn telling(&self, suite: &str, members: &[usize]) -> Vec<String> {
        let places: Vec<usize> = members.iter().map(|member| self.place[*member]).collect();
        self.words.get(suite).map(|words| words.telling(&places)).unwrap_or_default()
    }
}

fn group(
    of: &Fingerprint,
    failures: Vec<usize>,
    all: &[Failure],
    told: &[Vec<Told>],
    texts: &[String],
    words: &SuiteWords,
) -> Group {
    let own: Vec<&str> = failures.iter().map(|place| texts[*place].as_str()).collect();
    let found = cluster(&own, CUT);
    let mut clusters: Vec<Cluster> = Vec::new();
    for (number, medoid) in found.medoids.iter().enumerate() {
        let of_cluster = failures.iter().zip(&found.of).filter(|(_, cluster)| **cluster == number);
        let members: Vec<usize> = of_cluster.map(|(place, _)| *place).collect();
        // Of several failures that say the very same, a seed is the better example.
        let medoid = failures[*medoid];
        let same = |place: &usize| texts[*place] == texts[medoid] && all[*place].case == all[*place].family;
        let example = members.iter().copied().find(same).unwrap_or(medoid);
        let terms = words.telling(&of.suite, &members);
        clusters.push(Cluster { terms, impact: impact(&members, all), example, failures: members });
    }
    clusters.sort_by_key(|cluster| (rank(&cluster.impact), cluster.failures.first().copied()));
    Group {
        id: of.id(),
        of: of.clone(),
        scenario_name: failures.first().map(|place| all[*place].scenario_name.clone()).unwrap_or_default(),
        reason: one_reason(of, &failures, all),
        impact: impact(&failures, all),
        also: also(of, &failures, told),
        clusters,
        sampled: found.sampled,
        like: Vec::new(),
        failures,
    }
}

/// The reason of the group's complaint, where all its failures have the same.
fn one_reason(of: &Fingerprint, failures: &[usize], all: &[Failure]) -> Option<String> {
    let reason = |place: &usize| {
        let is_it = |complaint: &&Complaint| complaint.judge == of.judge && complaint.kind == of.kind;
        all[*place].complaints.iter().find(is_it).map(|complaint| complaint.reason.as_str())
    };
    let first = reason(failures.first()?)?;
    failures.iter().all(|place| reason(place) == Some(first)).then(|| first.to_owned())
}

/// What else is complained of in the answers of a group.
fn also(of: &Fingerprint, failures: &[usize], told: &[Vec<Told>]) -> Vec<Also> {
    let mut counts: BTreeMap<(&str, ComplaintKind), usize> = BTreeMap::new();
    for place in failures {
        let others: BTreeSet<(&str, ComplaintKind)> = told[*place]
            .iter()
            .map(|told| (told.fingerprint.judge.as_str(), told.fingerprint.kind))
            .filter(|(judge, kind)| (*judge, *kind) != (of.judge.as_str(), of.kind))
            .collect();
        for other in others {
            *counts.entry(other).or_default() += 1;
        }
    }
    let each = counts.into_iter().map(|((judge, kind), cases)| Also { judge: judge.to_owned(), kind, cases });
    let mut also: Vec<Also> = each.collect();
    also.sort_by_key(|also| std::cmp::Reverse(also.cases));
    also
}

fn impact(members: &[usize], all: &[Failure]) -> Impact {
    let mut impact = Impact { scenarios: 1, ..Impact::default() };
    let (mut seeds, mut new_seeds): (BTreeSet<FamilyId>, BTreeSet<FamilyId>) = Default::default();
    for failure in members.iter().map(|place| &all[*place]) {
        impact.cases += 1;
        impact.must_pass += usize::from(failure.must_pass.is_set());
        impact.quarantined += usize::from(failure.quarantined);
        seeds.insert(failure.family);
        if failure.since.is_new() {
            impact.new_cases += 1;
            new_seeds.insert(failure.family);
        }
        match failure.seen.lasting() {
            Lasting::Persistent => impact.persistent += 1,
            Lasting::Intermittent => impact.intermittent += 1,
            Lasting::Once => {}
        }
    }
    Impact { seeds: seeds.len(), new_seeds: new_seeds.len(), ..impact }
}

/// How groups are ranked, the least first: those with cases that must pass, then those with failures that nobody
/// accepted, the most seeds of these first, then by seeds, scenarios and cases.
fn rank(impact: &Impact) -> impl Ord + use<> {
    let most = std::cmp::Reverse::<usize>;
    (
        impact.must_pass == 0,
        impact.new_cases == 0,
        [most(impact.new_seeds), most(impact.seeds), most(impact.scenarios), most(impact.cases)],
    )
}

/// Tells of each group which of other scenarios say the same: those whose central failures are in one cluster.
fn tell_alike(groups: &mut [Group], texts: &[String]) {
    let mut suites: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        let examples = group.clusters.iter().map(|cluster| (at, cluster.example));
        suites.entry(group.of.suite.clone()).or_default().extend(examples);
    }
    let mut like: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); groups.len()];
    for examples in suites.into_values() {
        let said: Vec<&str> = examples.iter().map(|(_, place)| texts[*place].as_str()).collect();
        let found = cluster(&said, ALIKE);
        for (a, (one, _)) in examples.iter().enumerate() {
            for (b, (other, _)) in examples.iter().enumerate() {
                let apart = groups[*one].of.scenario != groups[*other].of.scenario;
                if found.of[a] == found.of[b] && apart && !said[a].trim().is_empty() {
                    like[*one].insert(*other);
                }
            }
        }
    }
    let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
    let scenarios: Vec<String> = groups.iter().map(|group| group.of.scenario.clone()).collect();
    for (group, like) in groups.iter_mut().zip(like) {
        group.impact.scenarios = 1 + like.iter().map(|at| &scenarios[*at]).collect::<BTreeSet<_>>().len();
        group.like = like.into_iter().map(|at| ids[at]).collect();
        group.like.sort_unstable();
    }
}

/// The distance within which central failures of different scenarios say the same. Closer than within a group, where
/// judge and scenario are the same already.
const ALIKE: f64 = 0.7;

fn saturation_of(suite: &str, groups: &[Group]) -> SuiteSaturation {
    let counts: Vec<usize> =
        groups.iter().filter(|group| group.of.suite == suite).map(|group| group.impact.seeds).collect();
    SuiteSaturation { suite: suite.to_owned(), saturation: saturation(&counts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distil::failure::{Seen, Since};
    use crate::expand::Provenance;
    use crate::suite::Place;
    use crate::suite::schema::{MustPass, Origin};

    const CHECK: ComplaintKind = ComplaintKind::Check;
    const MODEL: ComplaintKind = ComplaintKind::Model;

    /// A seed's failure in a scenario, with these complaints: judge, kind, reason.
    fn failure(n: u8, scenario: &str, complaints: &[(&str, ComplaintKind, &str)]) -> Failure {
        let case = CaseId::of(&[scenario.as_bytes(), &[n]]);
        let complaint = |(judge, kind, reason): &(&str, ComplaintKind, &str)| Complaint {
            judge: (*judge).to_owned(),
            kind: *kind,
            word: (*kind == MODEL).then(|| "unsupported".to_owned()),
            reason: (*reason).to_owned(),
        };
        Failure {
            suite: "a".into(),
            suite_path: "suites/a.toml".into(),
            scenario: scenario.into(),
            scenario_name: scenario.into(),
            case,
            family: case,
            name: n.to_string(),
            input: n.into(),
            truth: None,
            must_pass: MustPass::No,
            tags: Vec::new(),
            provenance: Provenance {
                origin: Origin::Written,
                place: Place { file: "suites/a.toml".into(), line: 1 },
                lineage: None,
                pedigree: None,
            },
            run: "r".into(),
            output: None,
            label: None,
            complaints: complaints.iter().map(complaint).collect(),
            notes: Vec::new(),
            seen: Seen { runs: 1, graded: 1, failed: 1 },
            since: Since::Passed,
            quarantined: false,
        }
    }

    fn distilled(failures: Vec<Failure>) -> Distilled {
        let looked = vec![Looked { suite: "a".into(), ..Looked::default() }];
        Distilled::of(Gathered { looked, failures, passed_over: Vec::new() })
    }

    fn judges(distilled: &Distilled) -> Vec<(&str, usize)> {
        distilled.groups.iter().map(|group| (group.of.judge.as_str(), group.impact.cases)).collect()
    }

    const LABEL: (&str, ComplaintKind, &str) = ("label", CHECK, "expected label `a`, got `b`");
    const TEXT: (&str, ComplaintKind, &str) = ("contains", CHECK, "expected output containing `x`, got `y`");

    #[test]
    fn a_case_belongs_to_the_complaint_that_most_of_its_scenario_share() {
        let all = [&[TEXT, LABEL][..], &[LABEL], &[LABEL], &[TEXT, LABEL], &[TEXT]];
        let found = distilled((0..).zip(all).map(|(n, of)| failure(n, "s", of)).collect());
        assert_eq!(judges(&found), [("label", 4), ("contains", 1)]);
        assert_eq!(found.groups[0].also[0].judge, "contains");
        assert_eq!(found.groups[0].also[0].cases, 2);
        assert_eq!(found.groups[0].reason.as_deref(), Some(LABEL.2));
        // As many of each: the first.
        let found = distilled((0..2).map(|n| failure(n, "s", &[TEXT, LABEL])).collect());
        assert_eq!(judges(&found), [("contains", 2)]);
    }

    #[test]
    fn a_group_keeps_its_id_whatever_else_fails() {
        let alone = distilled(vec![failure(1, "s", &[LABEL])]);
        let other = failure(2, "t", &[TEXT]);
        let among =
            distilled(vec![other.clone(), failure(3, "s", &[LABEL]), failure(1, "s", &[LABEL]), other]);
        let id = alone.groups[0].id;
        assert_eq!(among.group(&id.to_string()).unwrap().impact.cases, 2);
        assert_eq!(among.group_of(failure(3, "s", &[]).case).unwrap().id, id);
        assert_eq!(among.group("x"), Err(NoGroup::None("x".into())));
        assert!(matches!(among.group(""), Err(NoGroup::Several { count: 2, .. })));
    }

    #[test]
    fn what_a_model_complains_of_in_other_words_is_one_group_of_clusters() {
        let reasons = [
            "The answer names a refund window that the policy does not have",
            "It names a window for the refund which is not in the policy",
            "A price is quoted in dollars and no such price is known",
        ];
        let of = |(n, reason)| failure(n, "s", &[("grounded", MODEL, reason)]);
        let found = distilled((0..).zip(reasons).map(of).collect());
        assert_eq!((judges(&found), found.groups[0].clusters.len()), (vec![("grounded", 3)], 2));
        assert_eq!(found.groups[0].clusters[0].failures, [0, 1]);
        assert!(found.groups[0].clusters[0].terms.contains(&"refund".to_owned()));
        assert!(found.groups[0].clusters[1].terms.contains(&"price".to_owned()));
    }

    #[test]
    fn notes_tell_apart_what_checks_do_not() {
        let mut all: Vec<Failure> =
            (0..4).map(|n| failure(n, "s", &[("turns", CHECK, "expected #, got #")])).collect();
        assert_eq!(distilled(all.clone()).groups[0].clusters.len(), 1);
        for (failure, note) in
            all.iter_mut().zip(["asks nothing", "asks for nothing", "wrong customer", "wrong customers"])
        {
            failure.complaints[0].reason = String::new();
            failure.notes = vec![note.to_owned()];
        }
        let found = distilled(all);
        assert_eq!(
            found.groups[0].clusters.iter().map(|of| of.failures.clone()).collect::<Vec<_>>(),
            [[0, 1], [2, 3]]
        );
    }

    #[test]
    fn what_must_pass_ranks_first_then_what_is_new_then_by_seeds() {
        let known = |n| Failure { since: Since::Known, ..failure(n, "known", &[LABEL]) };
        let mut all: Vec<Failure> = (0..9).map(known).collect();
        all.extend((0..2).map(|n| failure(n, "few", &[LABEL])));
        // Many variants of one seed count as one.
        let one = failure(0, "variants", &[LABEL]);
        all.extend((0..6).map(|n| Failure { family: one.family, ..failure(n, "variants", &[LABEL]) }));
        all.push(Failure { must_pass: MustPass::Every, since: Since::Known, ..failure(0, "must", &[LABEL]) });
        let found = distilled(all);
        let order: Vec<&str> = found.groups.iter().map(|group| group.of.scenario.as_str()).collect();
        assert_eq!(order, ["must", "few", "variants", "known"]);
        let saturation = found.saturation[0].saturation;
        assert_eq!((saturation.seen, saturation.seeds, saturation.once, saturation.twice), (4, 13, 2, 1));
    }

    #[test]
    fn groups_of_other_scenarios_that_say_the_same_know_each_other() {
        let ended = "expected output containing `2028`, got `The warranty on the feeder ended in May`";
        let other = "expected output containing `cancel`, got `I will look among your documents`";
        let found = distilled(vec![
            failure(0, "claims", &[("contains", CHECK, ended)]),
            failure(1, "settles", &[("contains", CHECK, ended)]),
            failure(2, "cancels", &[("contains", CHECK, other)]),
        ]);
        let like = |scenario: &str| {
            let group = found.groups.iter().find(|group| group.of.scenario == scenario).unwrap();
            (group.like.len(), group.impact.scenarios)
        };
        assert_eq!([like("claims"), like("settles"), like("cancels")], [(1, 2), (1, 2), (0, 1)]);
    }
}
