namespace Seamless.Ingest.Dialects.Sparkplug;

internal enum SparkplugKind { NBirth, NDeath, NData, NCmd, DBirth, DDeath, DData, DCmd, State }

/// <summary>A Sparkplug topic taken apart: <c>spBv1.0/{group}/{kind}/{node}[/{device}]</c>, or the state of a host.</summary>
/// <param name="Node">For <see cref="SparkplugKind.State"/> the host's id.</param>
internal readonly record struct SparkplugTopic(string Group, SparkplugKind Kind, string Node, string? Device)
{
    public const string Namespace = "spBv1.0";
    private const string HostState = "STATE";

    private static readonly (string Name, SparkplugKind Kind)[] Kinds =
    [
        ("NBIRTH", SparkplugKind.NBirth), ("NDEATH", SparkplugKind.NDeath), ("NDATA", SparkplugKind.NData), ("NCMD", SparkplugKind.NCmd),
        ("DBIRTH", SparkplugKind.DBirth), ("DDEATH", SparkplugKind.DDeath), ("DDATA", SparkplugKind.DData), ("DCMD", SparkplugKind.DCmd),
    ];

    public bool IsCommand => Kind is SparkplugKind.NCmd or SparkplugKind.DCmd;
    public bool IsOfDevice => Kind is SparkplugKind.DBirth or SparkplugKind.DDeath or SparkplugKind.DData or SparkplugKind.DCmd;

    public static bool Owns(string topic) =>
        topic == Namespace || topic.StartsWith($"{Namespace}/", StringComparison.Ordinal) || topic.StartsWith($"{HostState}/", StringComparison.Ordinal);

    /// <summary>Reads a topic name or a filter; a level may be a wildcard then.</summary>
    public static bool TryParse(string name, out SparkplugTopic topic)
    {
        topic = default;
        var levels = name.Split('/');
        if (levels.Any(level => level.Length == 0)) return false;
        switch (levels)
        {
            case [Namespace, HostState, _] or [HostState, _]:   // the short form is that of hosts before 3.0
                topic = new SparkplugTopic("", SparkplugKind.State, levels[^1], null);
                return true;
            case [Namespace, var group, var kind, var node] when TryKind(kind, 'N', out var of):
                topic = new SparkplugTopic(group, of, node, null);
                return true;
            case [Namespace, var group, var kind, var node, var device] when TryKind(kind, 'D', out var of):
                topic = new SparkplugTopic(group, of, node, device);
                return true;
            default: return false;
        }
    }

    private static bool TryKind(string name, char of, out SparkplugKind kind)
    {
        var at = name[0] == of ? Array.FindIndex(Kinds, k => k.Name == name) : -1;
        kind = at < 0 ? default : Kinds[at].Kind;
        return at >= 0;
    }

    public static string Command(string group, string node, string? device) =>
        device is null ? $"{Namespace}/{group}/NCMD/{node}" : $"{Namespace}/{group}/DCMD/{node}/{device}";
}
