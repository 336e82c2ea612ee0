use crate::support::*;

#[test]
fn t5_signing_out_ends_the_session_for_good() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let old = dana.clone();
    assert!(dana.is_signed_in());
    let answer = dana.post("/logout", &[]);
    assert_eq!((answer.status, answer.to()), (303, "/login?done=out"));
    assert_eq!(dana.get(answer.to()).h1(), "Sign in");
    // A thief who copied the cookie before has nothing of it.
    assert!(!old.is_signed_in());
    let event = world.events(world.dana.account).pop().unwrap();
    assert_eq!(event, ["session.ended", "Dana Silva", "Dana Silva", ""]);
}
