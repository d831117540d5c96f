//! Whether a judge may gate by what is committed about it, without asking a model: its last check, and its
//! canary.

use super::calibration::{Agreement, Standing};
use super::canary::{is_unsteady, unsteady};
use crate::suite::canary::Canary;
use crate::suite::history::Checked;
use crate::suite::judges::JudgeDefinition;

/// Whether a judge, given by its present fingerprint, may gate. What decides is the newest check of the judge
/// as it is now, held to the floors that its file names now; a canary of it that shows it to contradict itself
/// keeps it from gating, too.
pub fn standing_of(
    judge: &JudgeDefinition,
    fingerprint: &str,
    history: &[Checked],
    canary: Option<&Canary>,
) -> Standing {
    let name = &judge.name;
    let Some(checked) = history.iter().rev().find(|checked| checked.judge == fingerprint) else {
        return Standing::Reports(vec![match history.last() {
            None => format!("it was never checked: `holdline judge check {name}`"),
            Some(last) => format!(
                "it was changed since it was last checked on {}: `holdline judge check {name}`",
                last.day()
            ),
        }]);
    };
    let (positive, negative) = judge.classes();
    let of_labels = found(judge, checked).standing(judge.file.floors, positive, negative);
    let contradicts = canary.filter(|canary| canary.head.judge == fingerprint && is_unsteady(canary));
    match (of_labels, contradicts) {
        (standing, None) => standing,
        (Standing::Gates, Some(canary)) => Standing::Reports(vec![unsteady(canary)]),
        (Standing::Reports(mut why), Some(canary)) => {
            why.push(unsteady(canary));
            Standing::Reports(why)
        }
    }
}

/// What a check counted, by the class that the judge's file looks for now.
fn found(judge: &JudgeDefinition, checked: &Checked) -> Agreement {
    let found = Agreement {
        true_positives: checked.true_positives,
        false_positives: checked.false_positives,
        false_negatives: checked.false_negatives,
        true_negatives: checked.true_negatives,
        ungraded: checked.ungraded,
    };
    if judge.file.means_pass(&checked.positive) == judge.file.passes_are_positive() {
        return found;
    }
    Agreement {
        true_positives: found.true_negatives,
        false_positives: found.false_negatives,
        false_negatives: found.false_positives,
        true_negatives: found.true_positives,
        ungraded: found.ungraded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::canary::CanaryHead;

    fn judge(positive: &str, tpr: &str) -> JudgeDefinition {
        let file = format!(
            "kind = \"rubric\"\nquestion = \"Is it?\"\npass_when = \"it is\"\nfail_when = \"it is not\"\n\
             words = {{ pass = \"good\", fail = \"bad\" }}\npositive = \"{positive}\"\n\
             floors = {{ labels = 10, tpr = \"{tpr}\", tnr = \"80%\", kappa = 0.6 }}\n"
        );
        JudgeDefinition {
            name: "j".into(),
            path: "suites/judges/j.toml".into(),
            file: toml::from_str(&file).unwrap(),
            examples: Vec::new(),
            prompt: None,
            described: std::collections::BTreeMap::new(),
            members: Vec::new(),
            checks: Vec::new(),
            frozen: None,
        }
    }

    /// A check on this day: 18 of 20 bad answers found, 27 of 30 good ones.
    fn checked(day: &str, judge: &str) -> Checked {
        Checked {
            at: format!("{day}T10:00:00Z").parse().unwrap(),
            judge: judge.into(),
            models: vec!["m-1".into()],
            positive: "bad".into(),
            true_positives: 18,
            false_positives: 3,
            false_negatives: 2,
            true_negatives: 27,
            ungraded: 0,
            accuracy: Some(0.9),
            tpr: Some(0.9),
            tnr: Some(0.9),
            kappa: Some(0.793_388),
        }
    }

    fn why(standing: Standing) -> Vec<String> {
        match standing {
            Standing::Gates => Vec::new(),
            Standing::Reports(why) => why,
        }
    }

    #[test]
    fn a_judge_that_was_never_checked_or_was_changed_since_does_not_gate() {
        let judge = judge("bad", "80%");
        let standing = |history: &[Checked]| why(standing_of(&judge, "new", history, None));
        assert_eq!(standing(&[]), ["it was never checked: `holdline judge check j`"]);
        assert_eq!(
            standing(&[checked("2026-11-01", "older"), checked("2026-11-20", "old")]),
            ["it was changed since it was last checked on 2026-11-20: `holdline judge check j`"]
        );
        // A judge that was changed and changed back is the one that was checked.
        assert!(standing(&[checked("2026-11-01", "new"), checked("2026-11-20", "old")]).is_empty());
    }

    #[test]
    fn the_newest_check_of_the_same_judge_is_held_to_todays_floors() {
        let history = [checked("2026-11-01", "f"), checked("2026-11-20", "f")];
        assert_eq!(standing_of(&judge("bad", "90%"), "f", &history, None), Standing::Gates);
        let raised = why(standing_of(&judge("bad", "95%"), "f", &history, None));
        assert_eq!(raised, ["TPR is 90.0 %, and its floor 95.0 %"]);
        let worse = Checked { true_positives: 11, false_negatives: 9, ..checked("2026-11-25", "f") };
        let [old, new] = history;
        let found = why(standing_of(&judge("bad", "80%"), "f", &[old, new, worse], None));
        assert_eq!(found[0], "TPR is 55.0 %, and its floor 80.0 %");
        // Called right 27 + 11 of 50; by chance (20·14 + 30·36)/2500 = 0.544; (0.76 − 0.544)/0.456.
        assert_eq!(found[1], "kappa is 0.474, and its floor 0.600");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn the_class_that_is_looked_for_may_have_been_turned_round() {
        // 27 of 30 good answers and 16 of 20 bad ones: as a TPR of 80 % it was enough, as a TNR it is.
        let history = [Checked { true_positives: 16, false_negatives: 4, ..checked("2026-11-20", "f") }];
        assert_eq!(
            standing_of(&judge("bad", "85%"), "f", &history, None),
            Standing::Reports(vec!["TPR is 80.0 %, and its floor 85.0 %".into()])
        );
        assert_eq!(standing_of(&judge("good", "85%"), "f", &history, None), Standing::Gates);
        assert_eq!(standing_of(&judge("pass", "85%"), "f", &history, None), Standing::Gates);
    }

    #[test]
    fn a_judge_that_contradicts_itself_does_not_gate() {
        let history = [checked("2026-11-20", "f")];
        let canary = |judge: &str, flips| Canary {
            name: "j".into(),
            head: CanaryHead {
                format: 1,
                judge: judge.into(),
                models: Vec::new(),
                flips,
                again: 100,
                date: "2026-11-21".parse().unwrap(),
            },
            items: Vec::new(),
        };
        let standing = |canary: &Canary| standing_of(&judge("bad", "80%"), "f", &history, Some(canary));
        assert_eq!(standing(&canary("f", 4)), Standing::Gates);
        assert_eq!(
            why(standing(&canary("f", 5))),
            [
                "asked the same again it gave 5 of 100 verdicts otherwise (5.0 %), and 5 % are too many to gate"
            ]
        );
        // Of another judge it says nothing.
        assert_eq!(standing(&canary("g", 50)), Standing::Gates);
    }
}
