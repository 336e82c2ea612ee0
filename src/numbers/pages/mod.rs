//! The numbers' pages, and the sentences that other pages say about numbers.

use super::AssignRefusal;
use crate::{failure::Failure, routing::in_words};

/// The sentence beside the field for what was refused.
///
/// # Errors
/// What is no refusal stays a failure.
pub fn sentence(refusal: AssignRefusal) -> Result<String, Failure> {
    Ok(match refusal {
        AssignRefusal::Failure(failure) => return Err(failure),
        AssignRefusal::Taken(holder) => format!("That number is assigned to {}. Choose another one, or unassign it first.", holder.shown()),
        AssignRefusal::Changed => "Somebody else changed this number meanwhile, so nothing was saved. This is how it is now.".into(),
        AssignRefusal::Unfit(unfit) => unfit.sentence().into(),
        AssignRefusal::Loop(names) => format!("Calls would go round in a circle: {}. Choose somebody else.", in_words(&names)),
    })
}
