using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;

namespace Seamless.Portal.Api;

public sealed record ComplaintStepView(DateTimeOffset At, string Kind, string Actor, string Text, bool ForCustomer);

/// <param name="Id">The complaint's number, <c>C-1001</c>.</param>
/// <param name="Actions">What its status allows the caller now.</param>
public sealed record ComplaintView(
    string Id, string? Ticket, string Customer, string Site, ComplaintType Type, ComplaintStatus Status, string Text, string Channel, string? Owner, ComplaintClocks Clocks, int EscalationLevel,
    IReadOnlyList<Inquiry> Inquiries, IReadOnlyList<Offer> Offers, IReadOnlyList<ComplaintStepView> Steps, DateTimeOffset ReceivedAt, DateTimeOffset UpdatedAt, IReadOnlyList<string> Actions, int Version)
{
    public static ComplaintView Of(Complaint c, IReadOnlyList<string> actions, Func<LocalizedText, string> text) => new(
        c.Number, c.Ticket, c.Customer, c.Site, c.Type, c.Status, c.Text, c.Channel, c.Owner, c.Clocks, c.EscalationLevel, c.Inquiries, c.Offers,
        [.. c.Steps.Select(s => new ComplaintStepView(s.At, s.Kind, s.Actor, text(s.Text), s.ForCustomer))], c.ReceivedAt, c.UpdatedAt, actions, c.Version);
}

/// <param name="Customer">When there is no ticket.</param>
public sealed record ComplaintRequest(ComplaintType Type, string? Text = null, string? Ticket = null, string? Customer = null);

/// <param name="Person">assign, hand-over: who.</param>
/// <param name="Hours">ask: within how many.</param>
/// <param name="Inquiry">reply: which question; the oldest open one when not given.</param>
/// <param name="Alternative">agree: which, counted from 1.</param>
/// <param name="Alternatives">offer: what the customer may choose from.</param>
public sealed record ComplaintActionRequest(
    string? Note = null, string? Person = null, string? Department = null, string? Question = null, double? Hours = null, int? Inquiry = null, string? Answer = null, int? Alternative = null,
    IReadOnlyList<Alternative>? Alternatives = null)
{
    public Dictionary<string, string> Args() => new (string Name, string? Value)[]
    {
        ("note", Note), ("person", Person), ("department", Department), ("question", Question), ("hours", Hours?.ToString(CultureInfo.InvariantCulture)),
        ("inquiry", Inquiry?.ToString(CultureInfo.InvariantCulture)), ("answer", Answer), ("alternative", Alternative?.ToString(CultureInfo.InvariantCulture)),
    }.Where(a => !string.IsNullOrWhiteSpace(a.Value)).ToDictionary(a => a.Name, a => a.Value!.Trim());
}

internal static class Complaints
{
    public static void MapComplaints(this RouteGroupBuilder api)
    {
        var complaints = api.MapGroup("/complaints").WithTags("Customers");
        complaints.MapGet("/", ListAsync).WithName("listComplaints").RequireAuthorization(Policies.Read).Produces<Page<ComplaintView>>()
            .WithSummary("Complaints, newest first. status is a status, or 'open'.");
        complaints.MapGet("/{id}", FindAsync).WithName("getComplaint").RequireAuthorization(Policies.Read).Produces<ComplaintView>().WithSummary("One complaint with its clocks, questions, offers and steps.");
        complaints.MapPost("/", LodgeAsync).WithName("lodgeComplaint").RequireAuthorization(Policies.Dispatch).Produces<ComplaintView>(StatusCodes.Status201Created)
            .WithSummary("A complaint that somebody took. The same words about the same ticket, while the first is open, are the same complaint.");
        complaints.MapPost("/{id}/actions/{action}", ActAsync).WithName("actOnComplaint").RequireAuthorization(Policies.Dispatch).Produces<ComplaintView>()
            .WithSummary("assign, hand-over, answer, ask, reply, offer, approve, refuse, agree, disagree, further, close, note.");
        complaints.MapGet("/policy", PolicyAsync).WithName("getCustomerPolicy").RequireAuthorization(Policies.Read).Produces<CustomerPolicy>()
            .WithSummary("Authority by role, who approves, specialists, clocks of complaints, what counts as unhappy.");
        complaints.MapPut("/policy", SetPolicyAsync).WithName("setCustomerPolicy").RequireAuthorization(Policies.Admin).Produces<CustomerPolicy>().WithSummary("Sets it whole; what is left out goes back to its default.");
    }

    public static Colleague Colleague(this ClaimsPrincipal user) => new(user.Actor(), user.FindFirstValue(ClaimTypes.Role) ?? Roles.Viewer);

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, string? status, string? customer, string? owner, string? ticket, ClaimsPrincipal user, HttpContext http, IComplaints complaints, CancellationToken ct)
    {
        if (!StateFilter.TryParse<ComplaintStatus>(status, out var openOnly, out var only)) return StateFilter.Refuse<ComplaintStatus>("status", status);
        var found = await complaints.ListAsync(new ComplaintFilter(user.Tenant(), only, customer, owner, ticket, openOnly, page.Cursor, page.Fetch), ct);
        var views = new List<ComplaintView>(found.Count);
        foreach (var complaint in found) views.Add(ComplaintView.Of(complaint, await complaints.AllowedAsync(complaint, user.Colleague(), ct), http.Texts()));
        return TypedResults.Ok(views.ToPage(page, view => view.Id, view => view));
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, HttpContext http, IComplaints complaints, CancellationToken ct) =>
        await complaints.FindAsync(user.Tenant(), id, ct) is { } complaint
            ? TypedResults.Ok(ComplaintView.Of(complaint, await complaints.AllowedAsync(complaint, user.Colleague(), ct), http.Texts()))
            : Problems.NotFound($"there is no complaint '{id}'");

    private static async Task<IResult> LodgeAsync([FromBody] ComplaintRequest request, ClaimsPrincipal user, HttpContext http, IComplaints complaints, CancellationToken ct)
    {
        var lodged = await complaints.LodgeAsync(new NewComplaint(user.Tenant(), request.Ticket, request.Customer, request.Type, request.Text ?? "", "staff"), user.Actor(), ct);
        return lodged.Succeeded
            ? TypedResults.Created($"/api/v1/complaints/{lodged.Value.Number}", ComplaintView.Of(lodged.Value, await complaints.AllowedAsync(lodged.Value, user.Colleague(), ct), http.Texts()))
            : Problems.Of(lodged.Refusal);
    }

    private static async Task<IResult> ActAsync(string id, string action, [FromBody] ComplaintActionRequest? request, ClaimsPrincipal user, HttpContext http, IComplaints complaints, CancellationToken ct)
    {
        var done = await complaints.ActAsync(user.Tenant(), id, new ComplaintAction(action, user.Colleague(), request?.Args() ?? [], request?.Alternatives), ct);
        return done.Succeeded ? TypedResults.Ok(ComplaintView.Of(done.Value, await complaints.AllowedAsync(done.Value, user.Colleague(), ct), http.Texts())) : Problems.Of(done.Refusal);
    }

    private static Task<CustomerPolicy> PolicyAsync(ClaimsPrincipal user, IComplaints complaints, CancellationToken ct) => complaints.PolicyAsync(user.Tenant(), ct);

    private static async Task<IResult> SetPolicyAsync([FromBody] CustomerPolicy policy, ClaimsPrincipal user, IComplaints complaints, CancellationToken ct) =>
        (await complaints.SetPolicyAsync(user.Tenant(), policy, user.Actor(), ct)).ToResult(set => set);
}
