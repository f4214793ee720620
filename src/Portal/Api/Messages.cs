using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Correspondence;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

/// <param name="ExternalId">What you know it by (an e-mail's Message-ID): with the channel, the same message is taken once.</param>
/// <param name="From">An e-mail address, a telephone number, or who they are in the chat.</param>
/// <param name="Text">At most 20,000 characters.</param>
/// <param name="At">When it was written; now when not given.</param>
/// <param name="InReplyTo">The id of a message of ours: <c>msg_…</c>, or the Message-ID of an e-mail.</param>
/// <param name="Authentic">False when you could not make sure of the sender (SPF, DKIM, caller id).</param>
public sealed record MessageDelivered(
    MessageChannel? Channel = null, string? ExternalId = null, string? From = null, string? FromName = null, string? Subject = null, string? Text = null, DateTimeOffset? At = null, string? Ticket = null,
    string? InReplyTo = null, string? Device = null, string? Serial = null, bool Authentic = true);

/// <param name="Id">The message's number, <c>M-1001</c>.</param>
public sealed record MessageView(
    string Id, MessageChannel Channel, string From, string? FromName, string? Subject, string Text, DateTimeOffset At, DateTimeOffset ReceivedAt, bool Verified, string? Customer, string? Contact, string? Device,
    MessageState State, string? Ticket, IReadOnlyList<string> Candidates, string? Reason, string? DecidedBy)
{
    public static MessageView Of(CustomerMessage m) => new(
        m.Number, m.Channel, m.From, m.FromName, m.Subject, m.Text, m.At, m.ReceivedAt, m.Verified, m.Customer, m.Contact, m.Device, m.State, m.Ticket, m.Candidates, m.Reason, m.DecidedBy);
}

/// <param name="Address">Masked.</param>
/// <param name="Delivery">Of what went out.</param>
public sealed record ThreadEntryView(
    DateTimeOffset At, ThreadSide Side, string Kind, string Id, string Channel, string Who, string? Address, bool? Verified, string? Subject, string Text, DeliveryState? Delivery, string? DeliveryReason);

/// <param name="Owner">Who answers for the case.</param>
/// <param name="AwaitsAnswerSince">When the customer wrote what nobody has answered yet.</param>
/// <param name="Ways">How the customer can be answered.</param>
/// <param name="Suggested">The way by which they wrote last.</param>
public sealed record ThreadView(string Ticket, string Owner, DateTimeOffset? AwaitsAnswerSince, IReadOnlyList<ThreadEntryView> Entries, IReadOnlyList<ReplyWay> Ways, string? Suggested)
{
    public static ThreadView Of(TicketThread thread, Func<LocalizedText, string> text) => new(
        thread.Ticket, thread.Owner, thread.AwaitsAnswerSince,
        [.. thread.Entries.Select(e => new ThreadEntryView(e.At, e.Side, e.Kind, e.Id, e.Channel, e.Who, e.Address, e.Verified, e.Subject, text(e.Text), e.Delivery, e.DeliveryReason))], thread.Ways, thread.Suggested);
}

/// <param name="By">One of the thread's ways; the one that the customer wrote by when not given.</param>
/// <param name="Key">The same reply has the same: it goes out once.</param>
public sealed record ReplyRequest(string? Text = null, string? By = null, string? Key = null);

public sealed record MessageAssigned(string? Ticket = null);

/// <param name="Title">The subject when not given.</param>
public sealed record MessageTicket(string? Device = null, string? Site = null, Priority Priority = Priority.P3, string? Title = null);

public sealed record MessageDismissed(string? Reason = null);

/// <summary>One contact, one thread: what customers write by any channel, on the case it is about.</summary>
internal static class Messages
{
    public static void MapMessages(this RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages");
        messages.MapPost("/", ReceiveAsync).WithName("deliverMessage").RequireAuthorization(Policies.DeliverMessages).Produces<MessageReceipt>()
            .WithSummary("A customer's message from a mail or chat gateway or a call centre. The same channel and externalId is one message. Nothing is said about cases to senders who are not known.");
        messages.MapGet("/", ListAsync).WithName("listMessages").RequireAuthorization(Policies.Dispatch).Produces<Page<MessageView>>().WithSummary("Messages that wait for somebody who knows their case, the longest waiting first; state=onTicket or dismissed for the others.");
        messages.MapGet("/{id}", FindAsync).WithName("getMessage").RequireAuthorization(Policies.Dispatch).Produces<MessageView>().WithSummary("One message.");
        messages.MapPost("/{id}/assign", AssignAsync).WithName("assignMessage").RequireAuthorization(Policies.Dispatch).Produces<MessageView>().WithSummary("Put a waiting message on its ticket.");
        messages.MapPost("/{id}/ticket", OpenAsync).WithName("openTicketFromMessage").RequireAuthorization(Policies.Dispatch).Produces<MessageView>().WithSummary("Open a ticket from a waiting message.");
        messages.MapPost("/{id}/dismiss", DismissAsync).WithName("dismissMessage").RequireAuthorization(Policies.Dispatch).Produces<MessageView>().WithSummary("Put a waiting message aside, with the reason.");
        var tickets = api.MapGroup("/tickets").WithTags("Messages");
        tickets.MapGet("/{id}/thread", ThreadAsync).WithName("getTicketThread").RequireAuthorization(Policies.Read).Produces<ThreadView>()
            .WithSummary("All that was said about a ticket by any channel, in order: from the customer, to them, and our notes; and how they can be answered.");
        tickets.MapPost("/{id}/replies", ReplyAsync).WithName("replyToCustomer").RequireAuthorization(Policies.Dispatch).Produces<ThreadView>()
            .WithSummary("Answer the customer in the name of the ticket's owner, by the way they wrote; once for each key.");
    }

    private static async Task<IResult> ReceiveAsync([FromBody] MessageDelivered message, ClaimsPrincipal user, ICorrespondence correspondence, CancellationToken ct) => message.Channel is not { } channel
        ? Problems.Invalid("'channel' is missing: email, chat, phone or sms")
        : (await correspondence.ReceiveAsync(new IncomingMessage(
            user.Tenant(), channel, message.ExternalId ?? "", message.From ?? "", message.FromName, message.Subject, message.Text ?? "", message.At, message.Ticket, message.InReplyTo, message.Device, message.Serial, message.Authentic),
            user.Actor(), ct)).ToResult(receipt => receipt);

    private static async Task<Page<MessageView>> ListAsync([AsParameters] PageQuery page, MessageState? state, ClaimsPrincipal user, ICorrespondence correspondence, CancellationToken ct) =>
        (await correspondence.ListAsync(user.Tenant(), state ?? MessageState.Waiting, page.Cursor, page.Fetch, ct)).ToPage(page, message => message.Number, MessageView.Of);

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, ICorrespondence correspondence, CancellationToken ct) =>
        await correspondence.FindAsync(user.Tenant(), id, ct) is { } message ? TypedResults.Ok(MessageView.Of(message)) : Problems.NotFound($"there is no message '{id}'");

    private static async Task<IResult> AssignAsync(string id, [FromBody] MessageAssigned to, ClaimsPrincipal user, ICorrespondence correspondence, CancellationToken ct) => string.IsNullOrWhiteSpace(to.Ticket)
        ? Problems.Invalid("'ticket' is missing: the number of the case")
        : (await correspondence.AssignAsync(user.Tenant(), id, to.Ticket, user.Actor(), ct)).ToResult(MessageView.Of);

    private static async Task<IResult> OpenAsync(string id, [FromBody] MessageTicket order, ClaimsPrincipal user, ICorrespondence correspondence, CancellationToken ct) =>
        (await correspondence.OpenTicketAsync(user.Tenant(), id, new TicketFromMessage(order.Device, order.Site, order.Priority, order.Title), user.Actor(), ct)).ToResult(MessageView.Of);

    private static async Task<IResult> DismissAsync(string id, [FromBody] MessageDismissed aside, ClaimsPrincipal user, ICorrespondence correspondence, CancellationToken ct) =>
        (await correspondence.DismissAsync(user.Tenant(), id, aside.Reason ?? "", user.Actor(), ct)).ToResult(MessageView.Of);

    private static async Task<IResult> ThreadAsync(string id, ClaimsPrincipal user, HttpContext http, ICorrespondence correspondence, CancellationToken ct) =>
        await correspondence.ThreadAsync(user.Tenant(), id, ct) is { } thread ? TypedResults.Ok(ThreadView.Of(thread, http.Texts())) : Problems.NotFound($"there is no ticket '{id}'");

    private static async Task<IResult> ReplyAsync(string id, [FromBody] ReplyRequest reply, ClaimsPrincipal user, HttpContext http, ICorrespondence correspondence, CancellationToken ct) =>
        (await correspondence.ReplyAsync(user.Tenant(), id, new ReplyOrder(reply.Text ?? "", reply.By, reply.Key), user.Actor(), ct)).ToResult(thread => ThreadView.Of(thread, http.Texts()));
}
