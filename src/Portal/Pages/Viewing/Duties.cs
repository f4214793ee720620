namespace Seamless.Portal.Pages.Viewing;

/// <summary>Which roles may do what on the pages; the roles are the names in the cookie's claims.</summary>
public static class Duties
{
    /// <summary>Who may read the pages at all: everyone who works here, not customers and not programs that only deliver data.</summary>
    public const string Readers = "viewer,engineer,dispatcher,technician,admin";

    /// <summary>Who works for customers: what policy <c>dispatch</c> asks for.</summary>
    public const string Desk = "engineer,dispatcher,technician,admin";

    /// <summary>Alarms: acknowledge, shelve, suppress, close.</summary>
    public static readonly string[] Alarms = ["engineer", "dispatcher", "admin"];

    /// <summary>Tickets: what moves a job on.</summary>
    public static readonly string[] Tickets = ["engineer", "dispatcher", "technician", "admin"];

    /// <summary>Commands to devices, rules and models.</summary>
    public static readonly string[] Engineering = ["engineer", "admin"];

    /// <summary>What carriers and workshops report.</summary>
    public static readonly string[] Parts = ["engineer", "dispatcher", "technician", "admin"];

    /// <summary>What concerns the whole tenant: limits.</summary>
    public static readonly string[] Administration = ["admin"];

    /// <summary>Refused input: replaying it.</summary>
    public static readonly string[] Operations = ["engineer", "admin"];
}
