using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Ingest.Receiving;

/// <summary>Who may speak and listen where (CONTRACTS §1): a device under its own prefix, a gateway for every device of its tenant.</summary>
internal static class Access
{
    /// <summary>Whether the topic lies in the sender's own part of the tree, whatever it is for.</summary>
    public static bool Covers(DevicePrincipal sender, string topic)
    {
        var levels = topic.Split('/');
        return levels.Length > 3 && levels[0] == "v1" && levels[1] == sender.Key.Tenant && (sender.IsGateway || levels[2] == sender.Key.Device);
    }

    /// <summary>Commands and desired states are the platform's to publish: a device that could would command its neighbours through its gateway.</summary>
    public static bool MayPublish(DevicePrincipal sender, in Topic topic) =>
        topic.Device.Tenant == sender.Key.Tenant && (sender.IsGateway || topic.Device == sender.Key)
        && topic.Kind is not (TopicKind.Command or TopicKind.ShadowDesired);

    /// <summary>The levels that name tenant and device must be spelt out; a gateway may leave the device open. Wildcards below are free.</summary>
    public static bool MaySubscribe(DevicePrincipal sender, string filter)
    {
        if (Covers(sender, filter)) return true;
        return sender.IsGateway && filter == $"v1/{sender.Key.Tenant}/#";
    }
}
