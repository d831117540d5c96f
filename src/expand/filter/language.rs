//! The language of a text, by its commonest words: enough to see that a variant is in another one.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Languages that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
    Polish,
}

impl Language {
    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "German",
            Self::French => "French",
            Self::Spanish => "Spanish",
            Self::Italian => "Italian",
            Self::Portuguese => "Portuguese",
            Self::Dutch => "Dutch",
            Self::Polish => "Polish",
        }
    }
}

const ALL: [(Language, &str); 8] = [
    (
        Language::English,
        "the and is are you i my to of in for with that this it can have was be not at from please what when where who how me we our your do does",
    ),
    (
        Language::German,
        "der die das und ist nicht ich du sie wir ein eine einen mit für auf den dem zu im von bitte kann was wann wo wer wie mein meine haben sind bei auch",
    ),
    (
        Language::French,
        "le la les et est pas je tu vous nous un une des du de pour avec dans sur que qui quoi quand où mon ma mes votre s'il plaît peux pouvez ce cette sont",
    ),
    (
        Language::Spanish,
        "el la los las y es no yo tú usted un una de del para con en por que qué cuándo dónde quién mi mis su puede puedes favor esta este son está",
    ),
    (
        Language::Italian,
        "il lo la gli e è non io tu un una di del per con in su che cosa quando dove chi mio mia puoi può favore questo questa sono della",
    ),
    (
        Language::Portuguese,
        "o a os as e é não eu você um uma de do da para com em por que quando onde quem meu minha pode favor este esta são dos",
    ),
    (
        Language::Dutch,
        "de het een en is niet ik je jij u wij van voor met op aan te in dat wat wanneer waar wie mijn kan kunt alstublieft zijn deze ook naar",
    ),
    (
        Language::Polish,
        "i w na z do nie jest to się że co kiedy gdzie kto mój moja proszę czy mogę może dla od po jak ten ta są",
    ),
];

/// For every word, the languages that it is common in, as bits.
static WORDS: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let mut words: HashMap<&str, u8> = HashMap::new();
    for (bit, (_, list)) in ALL.iter().enumerate() {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= 1 << bit;
        }
    }
    words
});

/// The language of a text, where its words leave no doubt: at least three common words of it, and twice as
/// many as of any other.
pub(crate) fn language(text: &str) -> Option<Language> {
    let mut counts = [0_u32; ALL.len()];
    for word in text.split(|c: char| !(c.is_alphabetic() || c == '\'')).filter(|word| !word.is_empty()) {
        let lower;
        let small = if word.chars().any(char::is_uppercase) {
            lower = word.to_lowercase();
            lower.as_str()
        } else {
            word
        };
        if let Some(bits) = WORDS.get(small) {
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += u32::from(bits >> bit & 1);
            }
        }
    }
    let best = (0..counts.len()).max_by_key(|at| (counts[*at], std::cmp::Reverse(*at)))?;
    let second = (0..counts.len()).filter(|at| *at != best).map(|at| counts[at]).max()?;
    (counts[best] >= 3 && counts[best] >= 2 * second).then(|| ALL[best].0)
}

/// Whether a variant is in another language than its source, as far as both can be told.
pub(crate) fn changes(source: &str, variant: &str) -> bool {
    matches!((language(source), language(variant)), (Some(before), Some(after)) if before != after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_tell_a_language() {
        for (text, wanted) in [
            ("Can you find the report that Ana sent to me?", Some(Language::English)),
            (
                "Bitte finde den Bericht, den ich gestern mit Ana geschrieben habe, und sende ihn mir",
                Some(Language::German),
            ),
            (
                "Peux-tu trouver le rapport que je vous ai envoyé avec les chiffres du mois",
                Some(Language::French),
            ),
            ("¿Puede usted buscar el informe que envié para la reunión de mañana?", Some(Language::Spanish)),
            ("recap retro", None),
            ("", None),
        ] {
            assert_eq!(language(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_change_of_language_needs_both_to_be_plain() {
        let english = "Can you find the report that I sent to Ana?";
        let german = "Kannst du bitte den Bericht finden, den ich der Ana mit der Post geschickt habe?";
        assert!(changes(english, german));
        assert!(!changes(english, "Can u find teh report that I sent to Ana?"));
        assert!(!changes("recap retro", german));
    }
}
