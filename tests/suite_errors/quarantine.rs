//! What is out of the gate.

use super::scenarios;

/// What is told of a suite with these entries.
fn quarantine(text: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ label = \"travel\" }}\n\n{text}\n"
    ))
}

#[test]
fn a_day_may_stand_in_quotes_or_without() {
    let right = "[[quarantine]]\nscenario = \"books-a-flight\"\nowner = \"Ana\"\nreason = \"#41\"\nuntil = 2026-12-31\n\
                 [[quarantine]]\ncase = \"0123456789abcdef\"\nowner = \"Ana\"\nreason = \"#42\"\nuntil = \"2026-12-31\"\n";
    assert_eq!(quarantine(right), "no mistakes");
}

#[test]
fn nobody_and_nothing() {
    insta::assert_snapshot!(quarantine(
        "[[quarantine]]\nscenario = \"books-a-flite\"\nowner = \" \"\nreason = \"\"\nuntil = 2026-12-31\n\n\
         [[quarantine]]\nscenario = \"something else\"\nowner = \"Ana\\tBo\"\nreason = \"#41\"\nuntil = 2026-12-31\n"
    ));
}

#[test]
fn entries_that_say_too_little_or_too_much() {
    insta::assert_snapshot!(quarantine(
        "[[quarantine]]\nowner = \"Ana\"\nreason = \"#41\"\nuntil = 2026-12-31\n\n\
         [[quarantine]]\nscenario = \"books-a-flight\"\ncase = \"0123456789abcdef\"\nowner = \"Ana\"\nreason = \"#41\"\nuntil = 2026-12-31\n\n\
         [[quarantine]]\ncase = \"fly me to Rome\"\nuntill = 2026-12-31\n"
    ));
}

#[test]
fn one_thing_twice() {
    let entry = |what: &str| {
        format!("[[quarantine]]\n{what}\nowner = \"Ana\"\nreason = \"#41\"\nuntil = 2026-12-31\n\n")
    };
    let (scenario, case) = ("scenario = \"books-a-flight\"", "case = \"0123456789abcdef\"");
    insta::assert_snapshot!(quarantine(&[scenario, case, scenario, case].map(entry).concat()));
}

#[test]
fn a_day_that_is_none() {
    insta::assert_snapshot!(
        "a_day_that_is_none",
        quarantine(
            "[[quarantine]]\nscenario = \"books-a-flight\"\nowner = \"Ana\"\nreason = \"#41\"\nuntil = 20261231\n\n\
             [[quarantine]]\ncase = \"0123456789abcdef\"\nowner = \"Ana\"\nreason = \"#41\"\nuntil = \"soon\"\n\n\
             [[quarantine]]\ncase = \"0123456789abcdee\"\nowner = \"Ana\"\nreason = \"#41\"\nuntil = \"2026-02-30\"\n\n\
             [[quarantine]]\ncase = \"0123456789abcded\"\nowner = \"Ana\"\nreason = \"#41\"\nuntil = 2026-12-31T10:00:00\n"
        )
    );
    // What TOML itself refuses.
    insta::assert_snapshot!(
        "a_day_that_toml_refuses",
        quarantine(
            "[[quarantine]]\nscenario = \"books-a-flight\"\nowner = \"Ana\"\nreason = \"#41\"\nuntil = 2026-02-30\n"
        )
    );
}
