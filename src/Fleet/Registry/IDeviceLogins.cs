using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>The ways in that other conventions know, beside a name and its token.</summary>
public interface IDeviceLogins
{
    /// <summary>Who has this token, when it is all that a device sends; null when nobody.</summary>
    /// <remarks>A token issued before version 0.2 cannot be found by itself: issue a new one.</remarks>
    ValueTask<DevicePrincipal?> FindByTokenAsync(string token, CancellationToken ct);

    /// <summary>The device's symmetric key in Base64, for a connection string. Asked again it is the same until the device gets a new token or is removed.</summary>
    Task<Outcome<string>> SharedAccessKeyAsync(DeviceKey key, string actor, CancellationToken ct);

    /// <summary>The symmetric keys with which a device may sign now: one, or two while an older platform secret is still accepted; none for a device that is not registered.</summary>
    ValueTask<IReadOnlyList<byte[]>> SharedAccessKeysAsync(DeviceKey key, CancellationToken ct);

    /// <summary>A new platform secret: keys given out from now on are other ones. Those of the secret before are accepted until the next rotation.</summary>
    Task RotateSecretAsync(string actor, CancellationToken ct);
}
