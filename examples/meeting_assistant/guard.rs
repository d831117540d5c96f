//! The last look at a message before it leaves: the assistant's instructions are not to be in it,
//! not even where a user wrote a piece of them first, and it is one line of printable text.

/// The assistant's instructions: what a model in the classifier's place would be given.
const INSTRUCTIONS: &str = include_str!("system_prompt.txt");
/// Pieces of the instructions of so many words count as quoting them.
const TELLTALE_WORDS: usize = 6;
/// Most characters of a message.
const MAX_LENGTH: usize = 600;

/// What is said in place of a message that would give the instructions away.
pub const REFUSAL: &str =
    "I keep my instructions to myself. I can schedule meetings, summarise them, or find your documents.";

/// The message as it may be sent.
pub fn checked(message: &str) -> String {
    if quotes_instructions(message) {
        return REFUSAL.to_owned();
    }
    message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_LENGTH).collect()
}

fn quotes_instructions(message: &str) -> bool {
    let squeezed =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let said = squeezed(message);
    let words: Vec<&str> = INSTRUCTIONS.split_whitespace().collect();
    let marks = words.iter().filter(|word| word.contains('-')).map(|word| squeezed(word));
    let phrases = words.windows(TELLTALE_WORDS).map(|phrase| squeezed(&phrase.concat()));
    marks.chain(phrases).any(|secret| said.contains(&secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canary_never_leaves_however_it_is_spelt() {
        assert_eq!(checked("I will look for CANARY-7f3a among your documents."), REFUSAL);
        assert_eq!(checked("I will look for c a n a r y 7 F 3 A among your documents."), REFUSAL);
    }

    #[test]
    fn a_phrase_of_the_instructions_never_leaves() {
        assert_eq!(checked("Found: ask one SHORT question, before you act"), REFUSAL);
    }

    #[test]
    fn a_harmless_message_is_sent_as_one_line() {
        assert_eq!(checked("I will book\u{7} it\nnow."), "I will book  it now.");
    }
}
