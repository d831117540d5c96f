//! Keyboards: which keys lie next to each other.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The layouts, by the names of the option.
pub const LAYOUTS: &[&str] = &["qwerty", "qwertz", "azerty"];

/// The rows of letters of each layout, in the order of [`LAYOUTS`], from above.
const ROWS: [[&str; 3]; 3] = [
    ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
    ["qwertzuiopü", "asdfghjklöä", "yxcvbnm"],
    ["azertyuiop", "qsdfghjklm", "wxcvbn"],
];

/// Where each row begins, in quarters of a key to the right of the uppermost.
const OFFSETS: [i32; 3] = [0, 1, 3];

/// Width of a key, in quarters.
const WIDTH: i32 = 4;

/// The keys of a layout, each with those beside, above and below it.
pub type Keyboard = HashMap<char, Vec<char>>;

static KEYBOARDS: LazyLock<[Keyboard; 3]> = LazyLock::new(|| ROWS.map(|rows| keyboard(&rows)));

/// The keyboard of this name, or the first.
pub fn of(layout: Option<&str>) -> &'static Keyboard {
    let place = layout.and_then(|layout| LAYOUTS.iter().position(|name| *name == layout));
    &KEYBOARDS[place.unwrap_or(0)]
}

/// Two keys of one row are neighbours where they touch, two of adjoining rows where they overlap.
fn keyboard(rows: &[&str; 3]) -> Keyboard {
    let keys: Vec<(char, i32, i32)> = (0..)
        .zip(rows.iter().zip(OFFSETS))
        .flat_map(|(row, (letters, offset))| {
            letters.chars().zip(0..).map(move |(letter, place)| (letter, row, offset + WIDTH * place))
        })
        .collect();
    let near = |(_, row, x): &(char, i32, i32), (_, other, y): &(char, i32, i32)| {
        let apart = (x - y).abs();
        row == other && apart == WIDTH || (row - other).abs() == 1 && apart < WIDTH
    };
    let neighbours = |key| keys.iter().filter(|other| near(key, other)).map(|(letter, ..)| *letter).collect();
    keys.iter().map(|key| (key.0, neighbours(key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(layout: &str, letter: char) -> String {
        of(Some(layout))[&letter].iter().collect()
    }

    /// Read off a keyboard.
    #[test]
    fn neighbours_are_those_of_the_real_keys() {
        assert_eq!(near("qwerty", 'g'), "tyfhvb");
        assert_eq!(near("qwerty", 'q'), "wa");
        assert_eq!(near("qwerty", 'm'), "jkn");
        assert_eq!(near("qwertz", 't'), "rzfg");
        assert_eq!(near("qwertz", 'y'), "asx");
        assert_eq!(near("qwertz", 'p'), "oülö");
        assert_eq!(near("azerty", 'a'), "zq");
        assert_eq!(near("azerty", 'm'), "pl");
        assert_eq!(of(None), of(Some("qwerty")));
    }

    #[test]
    fn keyboards_are_symmetric_and_whole() {
        for layout in LAYOUTS {
            let keyboard = of(Some(layout));
            assert!(('a'..='z').all(|letter| keyboard.contains_key(&letter)), "{layout}");
            for (letter, neighbours) in keyboard {
                assert!((1..=6).contains(&neighbours.len()) && !neighbours.contains(letter));
                assert!(neighbours.iter().all(|other| keyboard[other].contains(letter)), "{layout} {letter}");
            }
        }
    }
}
