//! What failures have in common, what makes them, and what is kept of them: failures reduced to what they take,
//! looked for in their neighbourhood, and promoted to cases of the suite.

pub mod found;
pub mod neighbours;
pub mod pieces;
pub mod promote;
pub mod reduce;
pub mod scrub;
pub mod trigger;
pub mod way;
