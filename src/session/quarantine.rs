//! What is out of the gate for a time: which cases, until when, and what is to be said of it.

use crate::expand::CaseId;
use crate::gate::Standing;
use crate::report::{QuarantineRecord, SuiteRecord};
use crate::run::Plan;
use crate::suite::schema::QuarantineSpec;
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// The quarantine of one suite on one day.
#[derive(Debug, Default)]
pub struct Quarantine {
    /// What holds, in the order of the file, with the cases of the plan that it keeps out.
    holds: Vec<QuarantineRecord>,
    /// The entry of `holds` for each case that is out, the one that lasts longest.
    cases: HashMap<CaseId, usize>,
    /// What is to be said of entries that do nothing.
    notes: Vec<String>,
}

impl Quarantine {
    /// What is out of the gate of a suite on `today`. The plan is read and stays as it is.
    pub fn of(plan: &Plan, today: Date) -> Self {
        let mut quarantine = Self::default();
        for spec in &plan.suite.spec.quarantine {
            quarantine.take(spec, plan, today);
        }
        quarantine
    }

    fn take(&mut self, spec: &QuarantineSpec, plan: &Plan, today: Date) {
        let case = spec.case.as_deref().and_then(|id| id.parse::<CaseId>().ok());
        let all = &plan.cases;
        let is_meant = |at: &usize| match &spec.scenario {
            Some(id) => plan.suite.scenarios[all.scenario(*at)].id == *id,
            None => Some(all.id(*at)) == case,
        };
        let cases: Vec<CaseId> = (0..all.len()).filter(is_meant).map(|at| all.id(at)).collect();
        let what = match (&spec.scenario, case) {
            (Some(id), _) => format!("scenario `{id}`"),
            (None, Some(id)) => format!("case {id}"),
            (None, None) => return,
        };
        if cases.is_empty() {
            self.notes.push(format!("the quarantine of {what} matches nothing: remove it"));
            return;
        }
        if spec.until.get() < today {
            self.notes.push(format!(
                "the quarantine of {what} ({}, {}) ended on {}: it gates again; remove the entry",
                spec.owner, spec.reason, spec.until
            ));
            return;
        }
        for case in &cases {
            let at = self.cases.entry(*case).or_insert(self.holds.len());
            if self.holds.get(*at).is_some_and(|held| held.until < spec.until.get()) {
                *at = self.holds.len();
            }
        }
        let QuarantineSpec { owner, reason, until, .. } = spec.clone();
        self.holds.push(QuarantineRecord { what, owner, reason, until: until.get(), cases });
    }

    /// Whether a case is out of the gate.
    pub fn keeps_out(&self, case: CaseId) -> bool {
        self.cases.contains_key(&case)
    }

    /// Says of a case that is out why it is tolerated.
    pub fn tell_of(&self, case: CaseId, standing: &mut Standing) {
        if let Some(at) = self.cases.get(&case)
            && let Standing::Tolerated(why) = standing
        {
            *why = self.holds[*at].standing();
        }
    }

    /// Puts into the record what is out.
    pub fn tell(&self, record: &mut SuiteRecord) {
        record.notes.extend(self.notes.iter().cloned());
        record.quarantined.clone_from(&self.holds);
    }
}

/// The cases of a plan that are out of the gate on `today`.
pub fn quarantined(plan: &Plan, today: Date) -> HashSet<CaseId> {
    Quarantine::of(plan, today).cases.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::path::Path;

    /// What is out on a day of a suite with two scenarios, two cases each, and these entries.
    fn on(today: Date, entries: &[(&str, &str)]) -> (Plan, Quarantine) {
        let scenarios = ["first", "second"].map(|name| {
            format!(
                "[[scenario]]\nname = \"{name}\"\ninputs = [\"{name} a\", \"{name} b\"]\nexpect = {{ contains = \"x\" }}\n"
            )
        });
        let entries = entries.iter().map(|(what, until)| {
            format!("[[quarantine]]\n{what}\nowner = \"Ana\"\nreason = \"#41\"\nuntil = {until}\n")
        });
        let head = "feature = \"f\"\n[target]\nhttp = \"http://127.0.0.1:1/\"\n";
        let text = head.to_owned() + &scenarios.concat() + &entries.collect::<String>();
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("demo.toml"), text).unwrap();
        let suite = crate::suite::load(root.path(), Path::new("demo.toml")).unwrap();
        let plan = Plan::of(suite).unwrap();
        let quarantine = Quarantine::of(&plan, today);
        (plan, quarantine)
    }

    #[test]
    fn the_last_day_still_counts_and_the_next_does_not() {
        let entry = [("scenario = \"second\"", "2026-12-31")];
        let (plan, last) = on(date(2026, 12, 31), &entry);
        let out: Vec<bool> = plan.cases.ids().map(|case| last.cases.contains_key(&case)).collect();
        assert_eq!(out, [false, false, true, true]);
        assert!(last.notes.is_empty());
        let (_, next) = on(date(2027, 1, 1), &entry);
        assert!(next.cases.is_empty() && next.holds.is_empty());
        assert_eq!(
            next.notes,
            [
                "the quarantine of scenario `second` (Ana, #41) ended on 2026-12-31: it gates again; remove the entry"
            ]
        );
    }

    #[test]
    fn of_two_entries_for_a_case_the_one_that_lasts_longer_is_told() {
        let (plan, _) = on(date(2026, 1, 1), &[]);
        let case = format!("case = \"{}\"", plan.cases.id(0));
        for (of_case, of_scenario, told) in
            [("2026-02-01", "2026-03-01", "2026-03-01"), ("2026-03-01", "2026-02-01", "2026-03-01")]
        {
            for swapped in [false, true] {
                let mut entries = [(case.as_str(), of_case), ("scenario = \"first\"", of_scenario)];
                if swapped {
                    entries.reverse();
                }
                let (plan, quarantine) = on(date(2026, 1, 1), &entries);
                let at = quarantine.cases[&plan.cases.id(0)];
                assert_eq!(quarantine.holds[at].until.to_string(), told);
                assert_eq!(quarantine.holds[at].standing(), format!("in quarantine until {told} (Ana): #41"));
            }
        }
    }

    #[test]
    fn the_plan_is_the_same_with_and_without() {
        let (without, _) = on(date(2026, 1, 1), &[]);
        let (with, _) = on(date(2026, 1, 1), &[("scenario = \"first\"", "2026-12-31")]);
        assert_eq!(without.hash, with.hash);
        assert!(without.cases.ids().eq(with.cases.ids()));
    }

    #[test]
    fn a_case_that_the_plan_does_not_have_is_told() {
        let (_, quarantine) = on(date(2026, 1, 1), &[("case = \"0123456789abcdef\"", "2026-12-31")]);
        assert_eq!(quarantine.notes, ["the quarantine of case 0123456789abcdef matches nothing: remove it"]);
        assert!(quarantine.holds.is_empty());
    }
}
