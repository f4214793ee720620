namespace Seamless.Portal.Accounts;

/// <summary>What a person or a key may be. A principal has one role within one tenant.</summary>
public static class Roles
{
    public const string Viewer = "viewer";
    public const string Engineer = "engineer";
    public const string Dispatcher = "dispatcher";
    public const string Technician = "technician";
    public const string Customer = "customer";
    public const string Admin = "admin";

    /// <summary>For keys of programs that only deliver telemetry.</summary>
    public const string Ingest = "ingest";

    /// <summary>For keys of programs that only hand over customers' messages: gateways of mail and chat, a call centre.</summary>
    public const string Messenger = "messenger";

    public static readonly IReadOnlyList<string> All = [Viewer, Engineer, Dispatcher, Technician, Customer, Admin, Ingest, Messenger];

    /// <summary>No person has one of these.</summary>
    public static readonly IReadOnlyList<string> OfPrograms = [Ingest, Messenger];
}

/// <summary>What an endpoint or a page asks of the one who calls it. The only list of who may do what.</summary>
public static class Policies
{
    /// <summary>See devices, alarms, tickets, parts and models of one's tenant.</summary>
    public const string Read = "read";
    /// <summary>Act on machines and alarms: commands, acknowledgements, registry, rules.</summary>
    public const string Operate = "operate";
    /// <summary>Act on tickets, visits and parts.</summary>
    public const string Dispatch = "dispatch";
    /// <summary>Users, keys, audit.</summary>
    public const string Admin = "admin";
    /// <summary>Deliver telemetry over HTTP.</summary>
    public const string WriteTelemetry = "telemetry:write";
    /// <summary>Hand over customers' messages.</summary>
    public const string DeliverMessages = "messages:write";

    public static readonly IReadOnlyDictionary<string, string[]> RolesOf = new Dictionary<string, string[]>
    {
        [Read] = [Roles.Viewer, Roles.Engineer, Roles.Dispatcher, Roles.Technician, Roles.Admin],
        [Operate] = [Roles.Engineer, Roles.Admin],
        [Dispatch] = [Roles.Engineer, Roles.Dispatcher, Roles.Technician, Roles.Admin],
        [Admin] = [Roles.Admin],
        [WriteTelemetry] = [Roles.Ingest, Roles.Engineer, Roles.Admin],
        [DeliverMessages] = [Roles.Messenger, Roles.Engineer, Roles.Dispatcher, Roles.Technician, Roles.Admin],
    };
}
