//! The refusal of a page names the people who could open it.

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};

use crate::{app::App, authz::Actor, failure::Failure, members, web::edge::Whom};

/// Looks up whom to ask where a permission lacked: inside the session's layer, since outside nobody knows who asked.
pub async fn name_whom(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let answer = next.call(request).await?;
    let lacking = match answer.response().error().and_then(|error| error.as_error::<Failure>()) {
        Some(Failure::Denied(lacking)) => *lacking,
        _ => return Ok(answer),
    };
    let (app, actor) = (answer.request().app_data::<Data<App>>().cloned(), Actor::of(answer.request()));
    if let (Some(app), Some(actor)) = (app, actor) {
        match app.db.read(move |conn| members::whom_to_ask(conn, actor.account, lacking)).await {
            Ok(advice) => {
                answer.request().extensions_mut().insert(Whom(advice));
            }
            // The page then says it without names.
            Err(error) => tracing::warn!(%error, "whom to ask could not be read"),
        }
    }
    Ok(answer)
}
