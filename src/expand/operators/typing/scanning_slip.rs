//! Letters that a scanner mistakes for others: `modern` becomes `modem`, `find` becomes `ﬁnd`.

use super::slip;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static SCANNING_SLIP: Operator = Operator {
    name: "scanning_slip",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Reads letters as a scanner misreads them: m as rn, cl as d, l as 1",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[slip::SLIPS],
    vary,
};

/// What stands on the paper, and what is read.
const READINGS: [(&str, &[&str]); 27] = [
    ("rn", &["m"]),
    ("m", &["rn"]),
    ("cl", &["d"]),
    ("d", &["cl"]),
    ("vv", &["w"]),
    ("w", &["vv"]),
    ("fi", &["ﬁ"]),
    ("fl", &["ﬂ"]),
    ("ff", &["ﬀ"]),
    ("ii", &["ü"]),
    ("li", &["h"]),
    ("ri", &["n"]),
    ("l", &["1", "I"]),
    ("i", &["l", "1"]),
    ("I", &["l", "1"]),
    ("o", &["0"]),
    ("O", &["0"]),
    ("e", &["c"]),
    ("c", &["e"]),
    ("h", &["b"]),
    ("b", &["h"]),
    ("u", &["ii"]),
    ("g", &["q", "9"]),
    ("q", &["g"]),
    ("S", &["5"]),
    ("B", &["8"]),
    ("Z", &["2"]),
];

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    slip::at_sites(subject, stream, slip::words(subject.text), |word, stream| {
        slip::at_a_letter(word, 0, stream, |rest, stream, out| {
            let first = rest.as_bytes().first();
            let (on_paper, read) = READINGS
                .iter()
                .find(|(on_paper, _)| on_paper.as_bytes().first() == first && rest.starts_with(on_paper))?;
            out.push_str(read.get(stream.index(read.len()))?);
            Some(on_paper.len())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_is_read_first_and_each_reading_is_another() {
        for (place, (on_paper, read)) in READINGS.iter().enumerate() {
            assert!(read.iter().all(|read| read != on_paper) && !read.is_empty(), "{on_paper}");
            let earlier = READINGS[..place].iter();
            assert!(
                earlier.clone().all(|(other, _)| !on_paper.starts_with(other)),
                "{on_paper} is never read"
            );
        }
    }
}
