//! What a review shows, and what comes of the answers to it.

use super::*;
