namespace Seamless.ServiceDesk.Customers.Complaints;

/// <summary>Which action each status allows. What is not here is refused aloud.</summary>
internal static class ComplaintStatuses
{
    private static readonly Dictionary<ComplaintStatus, IReadOnlyList<string>> Table = new()
    {
        [ComplaintStatus.Received] = ["assign", "note"],
        [ComplaintStatus.Assigned] = ["answer", "ask", "offer", "hand-over", "note"],
        [ComplaintStatus.Investigating] = ["answer", "ask", "reply", "offer", "hand-over", "note"],
        [ComplaintStatus.Escalated] = ["approve", "refuse", "answer", "reply", "hand-over", "note"],
        [ComplaintStatus.Offered] = ["agree", "disagree", "answer", "reply", "hand-over", "note"],
        [ComplaintStatus.Agreed] = ["close", "answer", "reply", "hand-over", "note"],
        [ComplaintStatus.NotAgreed] = ["offer", "ask", "further", "answer", "reply", "hand-over", "note"],
        [ComplaintStatus.FurtherProcess] = ["offer", "ask", "close", "answer", "reply", "hand-over", "note"],
        [ComplaintStatus.Closed] = ["note"],
    };

    /// <summary>Any colleague may do these; the rest is the owner's, who is the customer's only interface.</summary>
    private static readonly string[] Anybodys = ["assign", "reply", "note"];
    private static readonly string[] Approvers = ["approve", "refuse"];

    public static IReadOnlyList<string> Allowed(ComplaintStatus status) => Table[status];

    public static bool IsAnybodys(string action) => Anybodys.Contains(action);
    public static bool IsApprovers(string action) => Approvers.Contains(action);
}
