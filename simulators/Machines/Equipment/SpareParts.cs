namespace Seamless.Machines.Equipment;

/// <summary>A kind of spare on the list that a machine's maker delivers with it.</summary>
public sealed record SparePart(string Sku, string English, string Chinese, string Type, int LeadTimeDays, decimal UnitCost);

/// <summary>Spares that the machines' makers recommend and that no pack brings: the owner puts them on the platform's list, as owners do.</summary>
public static class SpareParts
{
    public static IReadOnlyList<SparePart> All { get; } =
    [
        new("PMP-CPL-45", "Flexible coupling 45 mm", "45 mm 弹性联轴器", "pump", 14, 120),
        new("PMP-IMP-210", "Impeller 210 mm", "210 mm 叶轮", "pump", 28, 410),
        new("PMP-GSK-SET", "Gasket set", "密封垫套件", "pump", 7, 18),
        new("SRV-RAM-32", "Memory module 32 GB", "32 GB 内存模块", "server", 7, 140),
        new("TV-TCON-55", "Panel timing controller 55\"", "55 英寸屏时序控制板", "tv", 21, 95),
        new("TV-SPK-55", "Loudspeaker pair", "扬声器（一对）", "tv", 14, 22),
    ];
}
