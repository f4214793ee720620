using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Customers.Requests;

namespace Seamless.Portal.Api;

/// <param name="Customer">When there is no ticket.</param>
/// <param name="Department">Who owes the answer; the service desk when not given.</param>
public sealed record RequestAsked(string? Text = null, string? Ticket = null, string? Customer = null, string? Department = null, DateTimeOffset? DueAt = null);

public sealed record RequestAnswer(string? Answer = null);

public sealed record RequestPassedOn(string? Department = null, string? Note = null);

public sealed record ComplimentRequest(string? Text = null, string? Ticket = null, string? Customer = null, string? Technician = null);

/// <summary>What customers need, until they have their answer; and their thanks.</summary>
internal static class CustomerRequests
{
    public static void MapCustomerRequests(this RouteGroupBuilder api)
    {
        var requests = api.MapGroup("/requests").WithTags("Customers");
        requests.MapGet("/", ListAsync).WithName("listRequests").RequireAuthorization(Policies.Read).Produces<Page<CustomerRequest>>().WithSummary("Requests, newest first; open=true for what waits for an answer.");
        requests.MapPost("/", AskAsync).WithName("addRequest").RequireAuthorization(Policies.Dispatch).Produces<CustomerRequest>(StatusCodes.Status201Created)
            .WithSummary("A need or a suggestion with the department that owes the answer, and by when.");
        requests.MapPost("/{id}/answer", AnswerAsync).WithName("answerRequest").RequireAuthorization(Policies.Dispatch).Produces<CustomerRequest>().WithSummary("The answer, for the customer to read.");
        requests.MapPost("/{id}/pass-on", PassOnAsync).WithName("passOnRequest").RequireAuthorization(Policies.Dispatch).Produces<CustomerRequest>().WithSummary("To another department, with the reason; the day stays.");
        var compliments = api.MapGroup("/compliments").WithTags("Customers");
        compliments.MapGet("/", ComplimentsAsync).WithName("listCompliments").RequireAuthorization(Policies.Read).Produces<Page<Compliment>>().WithSummary("Customers' thanks, newest first.");
        compliments.MapPost("/", ThankAsync).WithName("addCompliment").RequireAuthorization(Policies.Dispatch).Produces<Compliment>(StatusCodes.Status201Created)
            .WithSummary("Thanks that reached us another way; of the ticket's technician when none is named.");
    }

    private static async Task<Page<CustomerRequest>> ListAsync([AsParameters] PageQuery page, string? customer, bool? open, ClaimsPrincipal user, ICustomerRequests requests, CancellationToken ct) =>
        (await requests.ListAsync(user.Tenant(), customer, open ?? false, ct)).SliceInOrder(page, request => request.Number, request => request);

    private static async Task<IResult> AskAsync([FromBody] RequestAsked asked, ClaimsPrincipal user, ICustomerRequests requests, CancellationToken ct)
    {
        var done = await requests.AskAsync(new NewRequest(user.Tenant(), asked.Ticket, asked.Customer, asked.Text ?? "", asked.Department, asked.DueAt), user.Actor(), ct);
        return done.Succeeded ? TypedResults.Created($"/api/v1/requests?customer={Uri.EscapeDataString(done.Value.Customer)}", done.Value) : Problems.Of(done.Refusal);
    }

    private static async Task<IResult> AnswerAsync(string id, [FromBody] RequestAnswer answer, ClaimsPrincipal user, ICustomerRequests requests, CancellationToken ct) =>
        (await requests.AnswerAsync(user.Tenant(), id, answer.Answer ?? "", user.Actor(), ct)).ToResult(request => request);

    private static async Task<IResult> PassOnAsync(string id, [FromBody] RequestPassedOn to, ClaimsPrincipal user, ICustomerRequests requests, CancellationToken ct) =>
        (await requests.PassOnAsync(user.Tenant(), id, to.Department ?? "", to.Note ?? "", user.Actor(), ct)).ToResult(request => request);

    private static async Task<Page<Compliment>> ComplimentsAsync([AsParameters] PageQuery page, string? technician, ClaimsPrincipal user, ICustomerRequests requests, CancellationToken ct) =>
        (await requests.ComplimentsAsync(user.Tenant(), technician, ct)).SliceInOrder(page, compliment => compliment.Id, compliment => compliment);

    private static async Task<IResult> ThankAsync([FromBody] ComplimentRequest thanks, ClaimsPrincipal user, ICustomerRequests requests, CancellationToken ct)
    {
        var done = await requests.ThankAsync(new NewCompliment(user.Tenant(), thanks.Ticket, thanks.Customer, thanks.Text ?? "", thanks.Technician), user.Actor(), ct);
        return done.Succeeded ? TypedResults.Created("/api/v1/compliments", done.Value) : Problems.Of(done.Refusal);
    }
}
