using Seamless.Telemetry;

namespace Seamless.Rules.Alarms.Grouping;

/// <summary>An alarm that explains others, and those it explains.</summary>
/// <remarks>The alarm lists every member by id for good; a child is a member that it explains at present.</remarks>
internal sealed class AlarmGroup(string id)
{
    private readonly List<string> _members = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private AlarmTrack? _track;

    public string Id => id;

    /// <summary>Null only while a snapshot is being read: the children may come first.</summary>
    public AlarmTrack? Track
    {
        get => _track;
        set
        {
            _track = value;
            foreach (var member in value?.Alarm.Members ?? []) Learn(member);
        }
    }

    /// <summary>While the alarm itself is not known, its children can only be released.</summary>
    public GroupKind Kind => _track is null ? GroupKind.Ancestor : Neighbourhood.KindOf(_track.Alarm.FaultKey);

    /// <summary>Child alarm → its device, in no order.</summary>
    public Dictionary<string, DeviceKey> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Children that are active.</summary>
    public HashSet<string> Active { get; } = new(StringComparer.Ordinal);

    /// <summary>Children that show the cause.</summary>
    public HashSet<string> Showing { get; } = new(StringComparer.Ordinal);

    /// <summary>Event time at which the newest child came.</summary>
    public long LastJoinedMs { get; set; }

    public IReadOnlyList<string> Members => new MemberList(_members, _members.Count);

    /// <returns>False when it was a member already.</returns>
    public bool Learn(string member)
    {
        if (!_known.Add(member)) return false;
        _members.Add(member);
        return true;
    }

    public void Drop(string child)
    {
        Children.Remove(child);
        Active.Remove(child);
        Showing.Remove(child);
    }
}

internal enum GroupKind : byte
{
    /// <summary>One cause at several devices of a neighbourhood.</summary>
    Cause,

    /// <summary>The alarm of a gateway or a parent assembly.</summary>
    Ancestor,

    /// <summary>More alarms than a person can take in.</summary>
    Storm,
}
