//! The character 5-grams of a text, each as a number.

/// Characters in a gram.
pub(super) const LENGTH: usize = 5;

/// Characters below this take twelve bits, so that five of them and their count fit in one number. Above
/// it are the scripts of South and East Asia, symbols and emoji, whose grams are hashed.
const NARROW: u32 = 1 << 12;

/// The text as it is compared: lower case, every run of white space one space, none at its ends.
///
/// Nothing else is folded: letters with and without marks differ, and so do composed and decomposed ones.
pub fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            out.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        } else {
            out.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
    out
}

/// The grams of a text, normalised: ascending, each once, at least one.
pub(super) fn grams_of(text: &str) -> Vec<u64> {
    let characters: Vec<char> = normalised(text).chars().collect();
    let mut grams: Vec<u64> = if characters.len() < LENGTH {
        vec![gram(&characters)]
    } else {
        characters.windows(LENGTH).map(gram).collect()
    };
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// A gram of at most five characters as a number, its bits well mixed and the same on every machine.
///
/// Grams of narrow characters (Latin, Greek, Cyrillic, Hebrew, Arabic) have a number each; the others
/// share one by a chance of 1 in 2^64.
pub(crate) fn gram(characters: &[char]) -> u64 {
    let mut packed = characters.len() as u64;
    let mut hash = packed;
    let mut narrow = true;
    for &character in characters {
        let code = u32::from(character);
        narrow &= code < NARROW;
        packed = packed << 12 | u64::from(code % NARROW);
        hash = mixed(hash ^ u64::from(code));
    }
    if narrow { mixed(packed) } else { hash }
}

/// Spreads a number over all bits. No two numbers become the same (the finaliser of Steele, Lea and
/// Flood's `SplitMix`, 2014).
pub(crate) const fn mixed(number: u64) -> u64 {
    let mut of = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    of = (of ^ (of >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    of = (of ^ (of >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    of ^ (of >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixer_is_the_published_one() {
        // The first three outputs of SplitMix64 with seed 1234567, as they are commonly listed.
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        assert_eq!(mixed(1_234_567), 6_457_827_717_110_365_317);
        assert_eq!(mixed(1_234_567_u64.wrapping_add(step)), 3_203_168_211_198_807_973);
        assert_eq!(mixed(1_234_567_u64.wrapping_add(step.wrapping_mul(2))), 9_817_491_932_198_370_423);
    }

    #[test]
    fn different_grams_have_different_numbers() {
        let texts =
            ["abcde", "abced", "abcd", "", "\0", "\0\0", "a\0", "\0a", "日本語日本", "日本語日木", "日本"];
        let mut numbers: Vec<u64> =
            texts.iter().map(|text| gram(&text.chars().collect::<Vec<_>>())).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), texts.len());
    }

    #[test]
    fn a_text_has_each_gram_once() {
        // abcab bcabc cabca, then abcab bcabc again.
        assert_eq!(grams_of("abcabcabc").len(), 3);
        assert_eq!(grams_of("").len(), 1);
        assert_eq!(grams_of("four").len(), 1);
        assert_eq!(grams_of("fives").len(), 1);
        assert_eq!(grams_of("sixsix").len(), 2);
    }
}
