using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Sessions;

namespace Seamless.Portal.Api;

/// <param name="Reason">What it is for; the customer reads it.</param>
/// <param name="UpTo">R0 read, R1 reversible, R2 service interruption; R0 when not given.</param>
/// <param name="Commands">Only these commands; all up to that class when not given.</param>
/// <param name="Minutes">5 to 480 from the opening; 60 when not given.</param>
public sealed record NewSession(string Reason, CommandRisk UpTo = CommandRisk.R0, IReadOnlyList<string>? Commands = null, int Minutes = SessionRequest.UsualMinutes);

/// <param name="By">Who gave it.</param>
/// <param name="How">phone, mail or on-site.</param>
public sealed record RecordedConsent(string? By, string? How);

public sealed record SessionNote(string? Text);

/// <param name="Args">A JSON object for the device.</param>
/// <param name="RiskClass">Only raises what the command is rated.</param>
/// <param name="ExpiresInSeconds">The playbook's when not given, 60 without one; never after the session's end.</param>
/// <param name="IdempotencyKey">The same key is the same command. Also as the header Idempotency-Key.</param>
public sealed record NewSessionCommand(string Name, JsonElement? Args = null, string? RiskClass = null, int? ExpiresInSeconds = null, string? IdempotencyKey = null);

public sealed record NewLink(string? Name);

/// <param name="Path">Give it to the guest: it is shown only now.</param>
public sealed record GivenLinkView(GuestLink Link, string Path);

public sealed record EntryView(int Number, DateTimeOffset At, string Kind, string Actor, LocalizedText Text, JsonElement? Data, string Hash);

public sealed record SessionView(RemoteSession Session, IReadOnlyList<EntryView> Transcript, bool Intact);

public sealed record TrackedSessionView(
    int Number, SessionState State, SessionEnding? Ending, string Reason, CommandRisk UpTo, IReadOnlyList<string>? Commands, int Minutes, DateTimeOffset AskedAt, DateTimeOffset? LapsesAt,
    DateTimeOffset? OpenedAt, DateTimeOffset? EndsAt, DateTimeOffset? EndedAt, IReadOnlyList<Milestone> Steps);

/// <summary>Remote sessions: asked for, allowed, used, ended, and all of it written down.</summary>
internal static class SessionEndpoints
{
    private const int MaxExpirySeconds = 7 * 24 * 3600;

    public static void MapSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/tickets/{id}/sessions").WithTags("Sessions");
        sessions.MapGet("/", ListAsync).WithName("listSessions").RequireAuthorization(Policies.Read).Produces<Page<RemoteSession>>().WithSummary("The ticket's remote sessions, newest first.");
        sessions.MapPost("/", AskAsync).WithName("askForSession").RequireAuthorization(Policies.Operate).Produces<RemoteSession>(StatusCodes.Status201Created)
            .WithSummary("Asks the customer for remote access; open at once where the policy or a contract says so.");
        sessions.MapGet("/{no}", FindAsync).WithName("getSession").RequireAuthorization(Policies.Read).Produces<SessionView>().WithSummary("A session with its transcript, and whether the transcript is intact.");
        sessions.MapPost("/{no}/consent", ConsentAsync).WithName("recordSessionConsent").RequireAuthorization(Policies.Operate).Produces<RemoteSession>()
            .WithSummary("Records a consent given by phone, mail or on-site; up to R2 by somebody other than who asked.");
        sessions.MapPost("/{no}/commands", SendAsync).WithName("sendSessionCommand").RequireAuthorization(Policies.Operate).Produces<SessionCommand>(StatusCodes.Status202Accepted)
            .WithSummary("Sends a command within what was allowed; written down before it is sent.");
        sessions.MapPost("/{no}/notes", NoteAsync).WithName("noteInSession").RequireAuthorization(Policies.Operate).Produces<RemoteSession>().WithSummary("Writes a note into the transcript.");
        sessions.MapPost("/{no}/end", EndAsync).WithName("endSession").RequireAuthorization(Policies.Operate).Produces<RemoteSession>().WithSummary("Ends a session, or takes back a request.");
        sessions.MapPost("/{no}/links", InviteAsync).WithName("giveSessionLink").RequireAuthorization(Policies.Operate).Produces<GivenLinkView>(StatusCodes.Status201Created)
            .WithSummary("A link with which a named guest looks on, without a login, until the session ends.");
        sessions.MapDelete("/{no}/links/{link}", RevokeAsync).WithName("revokeSessionLink").RequireAuthorization(Policies.Operate).Produces<RemoteSession>().WithSummary("Takes a guest's link back.");

        var policy = api.MapGroup("/remote/policy").WithTags("Sessions");
        policy.MapGet("/", PolicyAsync).WithName("getRemotePolicy").RequireAuthorization(Policies.Read).Produces<RemotePolicy>().WithSummary("Consent, lengths, sites that allow sessions beforehand, commands that need a session.");
        policy.MapPut("/", SetPolicyAsync).WithName("setRemotePolicy").RequireAuthorization(Policies.Admin).Produces<RemotePolicy>().WithSummary("Sets it whole; what is left out goes back to its default.");

        var door = api.MapGroup("/track/{code}/sessions").WithTags("Tracking").AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit);
        door.MapGet("/", TrackAsync).WithName("trackSessions").Produces<Page<TrackedSessionView>>().WithSummary("The remote sessions of a repair as its customer sees them, newest first; no names.");
        door.MapPost("/{no}/consent", AllowAsync).WithName("allowSession").Produces<TrackedSessionView>().WithSummary("The customer allows a session: it is open from now on.");
        door.MapPost("/{no}/decline", DeclineAsync).WithName("declineSession").Produces<TrackedSessionView>().WithSummary("The customer does not allow it.");
        door.MapPost("/{no}/end", WithdrawAsync).WithName("withdrawSession").Produces<TrackedSessionView>().WithSummary("The customer ends an open session now.");
    }

    private static async Task<Page<RemoteSession>> ListAsync(string id, [AsParameters] PageQuery page, ClaimsPrincipal user, ISessions sessions, CancellationToken ct) =>
        (await sessions.OnAsync(user.Tenant(), id, ct)).SliceInOrder(page, session => $"{session.Number}", session => session);

    private static async Task<IResult> FindAsync(string id, int no, ClaimsPrincipal user, ISessions sessions, CancellationToken ct) => await sessions.FindAsync(user.Tenant(), id, no, ct) is { } record
        ? TypedResults.Ok(new SessionView(record.Session, [.. record.Transcript.Select(View)], record.Intact))
        : Problems.NotFound($"{id} has no session {no}");

    private static async Task<IResult> AskAsync(string id, [FromBody] NewSession session, ClaimsPrincipal user, ISessions sessions, CancellationToken ct)
    {
        var asked = await sessions.AskAsync(user.Tenant(), id, new SessionRequest(session.Reason, session.UpTo, session.Commands, session.Minutes), user.Actor(), ct);
        return asked.Succeeded ? TypedResults.Created($"/api/v1/tickets/{id}/sessions/{asked.Value.Number}", asked.Value) : Problems.Of(asked.Refusal);
    }

    private static async Task<IResult> ConsentAsync(string id, int no, [FromBody] RecordedConsent consent, ClaimsPrincipal user, ISessions sessions, CancellationToken ct) =>
        (await sessions.ConsentAsync(user.Tenant(), id, no, consent.By ?? "", consent.How ?? "", user.Actor(), ct)).ToResult(session => session);

    private static async Task<IResult> NoteAsync(string id, int no, [FromBody] SessionNote note, ClaimsPrincipal user, ISessions sessions, CancellationToken ct) =>
        (await sessions.NoteAsync(user.Tenant(), id, no, note.Text ?? "", user.Actor(), ct)).ToResult(session => session);

    private static async Task<IResult> EndAsync(string id, int no, ClaimsPrincipal user, ISessions sessions, CancellationToken ct) =>
        (await sessions.EndAsync(user.Tenant(), id, no, user.Actor(), ct)).ToResult(session => session);

    private static async Task<IResult> SendAsync(
        string id, int no, [FromBody] NewSessionCommand command, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, ClaimsPrincipal user, ISessions sessions, TimeProvider time, CancellationToken ct)
    {
        if (command.Args is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) }) return Problems.Invalid("'args' is a JSON object");
        if (command.ExpiresInSeconds is < 1 or > MaxExpirySeconds) return Problems.Invalid($"'expiresInSeconds' must be 1 to {MaxExpirySeconds}");
        var order = new SessionOrder(
            command.Name, command.Args is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "{}", command.RiskClass,
            command.ExpiresInSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, command.IdempotencyKey ?? idempotencyKey ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("n"));
        var sent = await sessions.SendAsync(user.Tenant(), id, no, order, user.Actor(), ct);
        return sent.Succeeded ? TypedResults.Accepted($"/api/v1/tickets/{id}/sessions/{no}", sent.Value) : Problems.Of(sent.Refusal);
    }

    private static async Task<IResult> InviteAsync(string id, int no, [FromBody] NewLink link, ClaimsPrincipal user, ISessions sessions, CancellationToken ct)
    {
        var given = await sessions.InviteAsync(user.Tenant(), id, no, link.Name ?? "", user.Actor(), ct);
        return given.Succeeded ? TypedResults.Created($"/api/v1/tickets/{id}/sessions/{no}", new GivenLinkView(given.Value.Link, $"/session/{given.Value.Secret}")) : Problems.Of(given.Refusal);
    }

    private static async Task<IResult> RevokeAsync(string id, int no, int link, ClaimsPrincipal user, ISessions sessions, CancellationToken ct) =>
        (await sessions.RevokeAsync(user.Tenant(), id, no, link, user.Actor(), ct)).ToResult(session => session);

    private static Task<RemotePolicy> PolicyAsync(ClaimsPrincipal user, ISessions sessions, CancellationToken ct) => sessions.PolicyAsync(user.Tenant(), ct);

    private static async Task<IResult> SetPolicyAsync([FromBody] RemotePolicy policy, ClaimsPrincipal user, ISessions sessions, CancellationToken ct) =>
        (await sessions.SetPolicyAsync(user.Tenant(), policy, user.Actor(), ct)).ToResult(set => set);

    private static async Task<IResult> TrackAsync(string code, string? serial, [AsParameters] PageQuery page, HttpContext http, ISessionDoor door, CancellationToken ct) =>
        await door.TrackAsync(code, serial, ct) is { } sessions ? TypedResults.Ok(sessions.SliceInOrder(page, session => $"{session.Number}", session => View(session, http))) : Problems.Of(ICustomerDoor.Unknown);

    private static async Task<IResult> AllowAsync(string code, int no, string? serial, HttpContext http, ISessionDoor door, CancellationToken ct) =>
        (await door.ConsentAsync(code, serial, no, ct)).ToResult(session => View(session, http));

    private static async Task<IResult> DeclineAsync(string code, int no, string? serial, HttpContext http, ISessionDoor door, CancellationToken ct) =>
        (await door.DeclineAsync(code, serial, no, ct)).ToResult(session => View(session, http));

    private static async Task<IResult> WithdrawAsync(string code, int no, string? serial, HttpContext http, ISessionDoor door, CancellationToken ct) =>
        (await door.EndAsync(code, serial, no, ct)).ToResult(session => View(session, http));

    private static EntryView View(SessionEntry entry) =>
        new(entry.Number, entry.At, entry.Kind, entry.Actor, entry.Text, entry.DataJson is { } json ? JsonElement.Parse(json) : null, entry.Hash);

    private static TrackedSessionView View(TrackedSession s, HttpContext http)
    {
        var text = http.Texts();
        return new(s.Number, s.State, s.Ending, s.Reason, s.UpTo, s.Commands, s.Minutes, s.AskedAt, s.LapsesAt, s.OpenedAt, s.EndsAt, s.EndedAt, [.. s.Steps.Select(step => new Milestone(step.At, step.Kind, text(step.Text)))]);
    }
}
