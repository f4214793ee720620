using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Catalogue;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Requests;

namespace Seamless.Portal.Api;

public sealed record TrackedLineView(string Name, string Unit, decimal Quantity, decimal UnitPrice, decimal Amount, decimal Covered, decimal Payable);

/// <summary>A quote as its customer sees it: no names of ours.</summary>
/// <param name="Reason">What is covered, and why.</param>
public sealed record TrackedQuoteView(
    string Number, int Revision, QuoteStatus Status, string Currency, IReadOnlyList<TrackedLineView> Lines, decimal Amount, decimal Total, string Reason, DateTimeOffset ValidUntil, DateTimeOffset? DecidedAt)
{
    public static TrackedQuoteView Of(Quote q, Func<LocalizedText, string> text) => new(
        q.Number, q.Revision, q.Status, q.Currency, [.. q.Lines.Select(l => new TrackedLineView(text(l.Name), l.Unit, l.Quantity, l.UnitPrice, l.Amount, l.Covered, l.Payable))], q.Amount, q.Total,
        text(q.Coverage.Reason), q.ValidUntil, q.DecidedAt);
}

/// <param name="Revision">The one that was looked at: a newer one has to be looked at first.</param>
public sealed record QuoteAnswer(int Revision, bool Approve, string? Note = null);

/// <param name="Channel">phone, email, letter, on-site or chat.</param>
public sealed record QuoteDecisionRequest(int Revision, bool Approve, string? Channel = null, string? Note = null);

/// <param name="Lines">As quoted when not given.</param>
public sealed record InvoiceRequest(IReadOnlyList<AskedLine>? Lines = null);

/// <summary>What a repair costs: agreed before it is done, and billed as agreed.</summary>
internal static class Quotes
{
    public static void MapQuotes(this RouteGroupBuilder api)
    {
        var ticket = api.MapGroup("/tickets/{id}").WithTags("Commerce");
        ticket.MapGet("/charges", ChargesAsync).WithName("getCharges").RequireAuthorization(Policies.Read).Produces<TicketCharges>().WithSummary("The ticket's quotes, newest revision first, and its invoices.");
        ticket.MapPost("/quotes", OpenAsync).WithName("openQuote").RequireAuthorization(Policies.Dispatch).Produces<Quote>(StatusCodes.Status201Created)
            .WithSummary("A quote, or its next revision: the ticket's parts, work and travel at list prices less what is covered. The visit waits until it is approved.");
        ticket.MapPost("/quotes/decision", DecideAsync).WithName("recordQuoteDecision").RequireAuthorization(Policies.Dispatch).Produces<Quote>().WithSummary("What the customer said by phone, email, letter, chat or on site.");
        ticket.MapPost("/quotes/withdraw", WithdrawAsync).WithName("withdrawQuote").RequireAuthorization(Policies.Dispatch).Produces<Quote>().WithSummary("Takes the quote back: nothing is charged, and the visit goes out.");
        ticket.MapPost("/invoices", InvoiceAsync).WithName("writeInvoice").RequireAuthorization(Policies.Dispatch).Produces<Invoice>(StatusCodes.Status201Created)
            .WithSummary("Bills a resolved ticket. All its invoices together stay within the approved quote; more is refused until a new revision is approved.");

        var door = api.MapGroup("/track/{code}").WithTags("Tracking").AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit);
        door.MapGet("/quote", TrackAsync).WithName("trackQuote").Produces<TrackedQuoteView>().WithSummary("The repair's quote. No login.");
        door.MapPost("/quote/decision", AnswerAsync).WithName("answerQuote").Produces<TrackedQuoteView>().WithSummary("Approves or declines the quote. No login.");
        door.MapGet("/options", OptionsAsync).WithName("trackOptions").Produces<Page<EntitlementView>>().WithSummary("What the contract offers for this repair, and why the rest is not offered. No login.");
        door.MapPost("/options/{option}", AskAsync).WithName("askForTrackedOption").Produces<TrackedRequest>(StatusCodes.Status201Created).WithSummary("Asks for an option. What is not offered is refused with the reason. No login.");
    }

    private static async Task<IResult> ChargesAsync(string id, ClaimsPrincipal user, IQuotes quotes, CancellationToken ct) => (await quotes.OfTicketAsync(user.Tenant(), id, ct)).ToResult(charges => charges);

    private static async Task<IResult> OpenAsync(string id, [FromBody] NewQuote? quote, ClaimsPrincipal user, IQuotes quotes, CancellationToken ct)
    {
        var opened = await quotes.OpenAsync(user.Tenant(), id, quote ?? new NewQuote(), user.Actor(), ct);
        return opened.Succeeded ? TypedResults.Created($"/api/v1/tickets/{id}/charges", opened.Value) : Problems.Of(opened.Refusal);
    }

    private static async Task<IResult> DecideAsync(string id, [FromBody] QuoteDecisionRequest d, ClaimsPrincipal user, IQuotes quotes, CancellationToken ct) =>
        (await quotes.DecideAsync(user.Tenant(), id, new QuoteDecision(d.Revision, d.Approve, d.Channel ?? "", d.Note), user.Actor(), ct)).ToResult(quote => quote);

    private static async Task<IResult> WithdrawAsync(string id, [FromBody] CancellationRequest request, ClaimsPrincipal user, IQuotes quotes, CancellationToken ct) =>
        (await quotes.WithdrawAsync(user.Tenant(), id, request.Note ?? "", user.Actor(), ct)).ToResult(quote => quote);

    private static async Task<IResult> InvoiceAsync(string id, [FromBody] InvoiceRequest? request, ClaimsPrincipal user, IQuotes quotes, CancellationToken ct)
    {
        var written = await quotes.InvoiceAsync(user.Tenant(), id, request?.Lines, user.Actor(), ct);
        return written.Succeeded ? TypedResults.Created($"/api/v1/tickets/{id}/charges", written.Value) : Problems.Of(written.Refusal);
    }

    private static async Task<IResult> TrackAsync(string code, string? serial, HttpContext http, IQuotes quotes, CancellationToken ct) =>
        await quotes.TrackAsync(code, serial, ct) is { } quote ? TypedResults.Ok(TrackedQuoteView.Of(quote, http.Texts())) : Problems.NotFound("no quote is known under this code and serial number");

    private static async Task<IResult> AnswerAsync(string code, string? serial, [FromBody] QuoteAnswer answer, HttpContext http, IQuotes quotes, CancellationToken ct) =>
        (await quotes.DecideAsCustomerAsync(code, serial, answer.Revision, answer.Approve, answer.Note, ct)).ToResult(quote => TrackedQuoteView.Of(quote, http.Texts()));

    private static async Task<IResult> OptionsAsync([AsParameters] PageQuery page, string code, string? serial, HttpContext http, IEntitlements entitlements, CancellationToken ct) =>
        await entitlements.TrackAsync(code, serial, ct) is { } options
            ? TypedResults.Ok(options.SliceInOrder(page, e => e.Option.ToString(), e => EntitlementView.Of(e, http.Texts()))) : Problems.Of(ICustomerDoor.Unknown);

    private static async Task<IResult> AskAsync(string code, string? serial, string option, IEntitlements entitlements, CancellationToken ct)
    {
        if (EnumWords.Read<ServiceOption>("option", option, out var wanted) is { } unknown) return unknown;
        var asked = await entitlements.AskAsCustomerAsync(code, serial, wanted!.Value, ct);
        return asked.Succeeded
            ? TypedResults.Json(new TrackedRequest(asked.Value.Number, asked.Value.Status, asked.Value.AskedAt, asked.Value.DueAt, asked.Value.Answer), ApiJson.Options, statusCode: StatusCodes.Status201Created)
            : Problems.Of(asked.Refusal);
    }
}
