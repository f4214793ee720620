using System.Text.Json;
using Seamless.Fleet.Database;
using Seamless.Telemetry;

namespace Seamless.Fleet.Registry;

/// <summary>A device as the program sees it, and as the table keeps it.</summary>
internal static class DeviceRows
{
    public static Device ToDevice(this DeviceRow row) => new(
        new DeviceKey(row.Tenant, row.Device), row.Type, row.Site, row.Customer, row.Serial, GeoPointOf(row.Latitude, row.Longitude),
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.TagsJson) ?? [], row.Tier, row.Gateway, row.RedundancyGroup, row.RegisteredAt, row.Version);

    public static DeviceRow ToRow(this Device device)
    {
        var row = new DeviceRow
        {
            Tenant = device.Key.Tenant, Device = device.Id, Type = device.Type, Site = device.Site, Customer = device.Customer,
            TagsJson = "{}", Tier = device.Tier, RegisteredAt = device.RegisteredAt, Version = device.Version,
        };
        row.Take(device);
        return row;
    }

    /// <summary>Takes over everything but identity and version.</summary>
    public static void Take(this DeviceRow row, Device device)
    {
        row.Type = device.Type;
        row.Site = device.Site;
        row.Customer = device.Customer;
        row.Serial = device.Serial;
        row.Latitude = device.Location?.Latitude;
        row.Longitude = device.Location?.Longitude;
        row.TagsJson = JsonSerializer.Serialize(device.Tags);
        row.Tier = device.Tier;
        row.Gateway = device.Gateway;
        row.RedundancyGroup = device.RedundancyGroup;
    }

    public static Device With(this Device device, DeviceChange change) => device with
    {
        Type = change.Type ?? device.Type,
        Site = change.Site ?? device.Site,
        Customer = change.Customer ?? device.Customer,
        Serial = change.Serial ?? device.Serial,
        Location = change.Location ?? device.Location,
        Tags = change.Tags ?? device.Tags,
        Tier = change.Tier ?? device.Tier,
        RedundancyGroup = change.RedundancyGroup ?? device.RedundancyGroup,
    };

    public static GeoPoint? GeoPointOf(double? latitude, double? longitude) =>
        latitude is { } lat && longitude is { } lon ? new GeoPoint(lat, lon) : null;

    /// <summary>Null when nothing is wrong, otherwise a sentence for the one who asked.</summary>
    public static string? WhatIsWrongWith(Device device) => device switch
    {
        _ when !DeviceKey.IsValidName(device.Key.Tenant) => $"tenant '{device.Key.Tenant}' is not a name: {NameRule}",
        _ when ForeignRoots.Contains(device.Key.Tenant) => $"tenant '{device.Key.Tenant}' is the name of a topic of another convention (v1/{device.Key.Tenant}/…); choose another",
        _ when !DeviceKey.IsValidName(device.Id) => $"device id '{device.Id}' is not a name: {NameRule}",
        _ when !DeviceKey.IsValidName(device.Type) => $"type '{device.Type}' is not a name: {NameRule}",
        _ when !DeviceKey.IsValidName(device.Site) => $"site '{device.Site}' is not a name: {NameRule}",
        _ when device.Location is { } at && !(Math.Abs(at.Latitude) <= 90 && Math.Abs(at.Longitude) <= 180) =>
            $"location {at.Latitude}, {at.Longitude} is not on earth: latitude −90–90, longitude −180–180",
        _ => null,
    };

    // ThingsBoard's v1/devices/me/telemetry and v1/gateway/… would be topics of these tenants.
    private static readonly string[] ForeignRoots = ["devices", "gateway"];

    private const string NameRule = "1–128 characters of A–Z a–z 0–9 _ . : -";
}
