using Seamless.Portal.Commands;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Small packs of the three shipped types, enough for every element of the pages to have something to show.</summary>
internal sealed class StagePacks : IPacks
{
    public IReadOnlyList<EquipmentPack> All { get; } = [Pump(), Server(), Television()];
    public EquipmentPack? Find(string type) => All.FirstOrDefault(p => p.Type == type);

    private static EquipmentPack Pump() => new("pump", "1.0.0", new("Centrifugal pump with motor", "离心泵（含电机）"),
        [
            Metric("bearingTemperature", "Bearing temperature", "轴承温度", "°C"), Metric("windingTemperature", "Winding temperature", "绕组温度", "°C"),
            Metric("vibration", "Vibration velocity (RMS)", "振动速度（有效值）", "mm/s"), Metric("motorCurrent", "Motor current", "电机电流", "A"),
            Metric("dischargePressure", "Discharge pressure", "出口压力", "bar"), Metric("suctionPressure", "Suction pressure", "入口压力", "bar"),
            Metric("flow", "Flow", "流量", "m³/h"), Metric("supplyVoltage", "Supply voltage", "供电电压", "V"),
            new("running", new("Running", "运行中"), MetricType.Boolean, "", null, null), new("mode", new("Operating mode", "运行模式"), MetricType.State, "", null, null),
        ],
        [
            Rule("bearing-temperature-high", "Bearing temperature above its limit", "轴承温度超过限值", "bearingTemperature", ConditionKind.High, 90, Severity.High, "bearing-hot", "OHE"),
            Rule("vibration-zone-c", "Vibration velocity in ISO zone C", "振动速度进入 ISO C 区", "vibration", ConditionKind.High, 4.5, Severity.Medium, "vibration-high", "VIB"),
            Rule("vibration-zone-d", "Vibration velocity in ISO zone D", "振动速度进入 ISO D 区", "vibration", ConditionKind.High, 7.1, Severity.High, "vibration-high", "VIB"),
            Rule("suction-low", "Suction pressure low", "入口压力低", "suctionPressure", ConditionKind.Low, 0.5, Severity.Medium, "suction-low", "PDE"),
            Rule("voltage-low", "Supply voltage low", "供电电压低", "supplyVoltage", ConditionKind.Low, 360, Severity.High, "voltage-low", "PDE"),
        ],
        new FaultModel(
            [Symptom("bearing-hot", "Bearing hot", "轴承过热"), Symptom("vibration-high", "Vibration high", "振动高"), Symptom("suction-low", "Suction pressure low", "入口压力低"), Symptom("current-high", "Current high", "电流高"), Symptom("voltage-low", "Voltage low", "电压低")],
            [
                new FaultDefinition("bearing-wear", new("Bearing wear", "轴承磨损"), FaultClass.HW, "2.4 Wear", "Expected wear and tear", 0.02, false, new Dictionary<string, double> { ["vibration-high"] = 0.9 },
                    [new Remedy(null, [new PartNeed("PMP-BRG-6309", 1)], "mechanical", 90, new("Replace the bearing set", "更换轴承组"))]),
                new FaultDefinition("strainer-clogged", new("Suction strainer clogged", "吸入口滤网堵塞"), FaultClass.HW, "5.1 Blockage/plugged", "Off-design service", 0.03, false, new Dictionary<string, double> { ["suction-low"] = 0.95 },
                    [new Remedy("backflush-strainer", [], null, 0, new("Back-flush the strainer", "反冲洗滤网"))]),
                new FaultDefinition("seal-leak", new("Mechanical seal leaks", "机械密封泄漏"), FaultClass.HW, "1.1 Leakage", "Expected wear and tear", 0.015, false, new Dictionary<string, double> { ["vibration-high"] = 0.2 },
                    [new Remedy(null, [new PartNeed("PMP-SEAL-45", 1)], "mechanical", 120, new("Replace the mechanical seal", "更换机械密封"))]),
            ]),
        [new Playbook("backflush-strainer", new("Back-flush the suction strainer", "反冲洗吸入口滤网"), "R1", "backflush-strainer", "{}", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), 3, 0)],
        [Part("PMP-BRG-6309", "Bearing set 6309", "6309 轴承组", 'V', 'B', "pump"), Part("PMP-SEAL-45", "Mechanical seal 45 mm", "45 mm 机械密封", 'V', 'B', "pump"), Part("PMP-MOT-15KW", "Motor 15 kW", "15 kW 电机", 'E', 'A', "pump")]) { Drawing = Shipped("pump").Drawing };

    /// <summary>The pack as it is shipped.</summary>
    private static EquipmentPack Shipped(string type) => PackReader.Read(Path.Combine(PacksFolder.Find(null)!, type), new Dictionary<string, string>(), out _).Pack;

    private static EquipmentPack Server() => new("server", "1.0.0", new("Rack server", "机架服务器"),
        [
            Metric("cpuLoad", "Processor load", "处理器负载", "%"), Metric("cpuTemperature", "Processor temperature", "处理器温度", "°C"), Metric("inletTemperature", "Inlet temperature", "进风温度", "°C"),
            Metric("fanSpeed", "Fan speed", "风扇转速", "rpm"), Metric("supplyVoltage", "Supply voltage", "供电电压", "V"), new("serviceUp", new("Service up", "服务可用"), MetricType.Boolean, "", null, null),
        ],
        [
            Rule("inlet-hot", "Inlet air too hot", "进风温度过高", "inletTemperature", ConditionKind.High, 35, Severity.Critical, "inlet-hot", "OHE"),
            Rule("service-down", "Service does not answer", "服务无响应", "serviceUp", ConditionKind.Low, 0.5, Severity.High, "service-down", "FTS"),
        ],
        new FaultModel([Symptom("inlet-hot", "Inlet air hot", "进风过热"), Symptom("service-down", "Service down", "服务中断")],
            [new FaultDefinition("cooling-failure", new("Room cooling failed", "机房制冷故障"), FaultClass.ENV, "2.7 Overheating", "Off-design service", 0.01, true, new Dictionary<string, double> { ["inlet-hot"] = 0.95 }, [])]),
        [new Playbook("restart-service", new("Restart the service", "重启服务"), "R1", "restart-service", "{}", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), 3, 20)],
        [Part("SRV-FAN-60", "Fan 60 mm", "60 mm 风扇", 'V', 'C', "server"), Part("SRV-SSD-1T92", "SSD 1.92 TB", "1.92 TB 固态硬盘", 'V', 'B', "server"), Part("SRV-PSU-800", "Power supply 800 W", "800 W 电源", 'E', 'B', "server")]);

    private static EquipmentPack Television() => new("tv", "1.0.0", new("Television", "电视机"),
        [Metric("panelTemperature", "Panel temperature", "面板温度", "°C"), Metric("backlightCurrent", "Backlight current", "背光电流", "mA"), Metric("wifiRssi", "Wi-Fi signal", "Wi-Fi 信号", "dBm"), Metric("frameDropRate", "Dropped frames", "丢帧率", "%"), new("firmware", new("Firmware", "固件"), MetricType.State, "", null, null)],
        [Rule("frame-drops", "Too many dropped frames", "丢帧过多", "frameDropRate", ConditionKind.High, 5, Severity.Medium, "frames-dropped", "PDE")],
        new FaultModel([Symptom("frames-dropped", "Frames dropped", "丢帧")], []),
        [new Playbook("clear-app-cache", new("Clear the app's cache", "清除应用缓存"), "R1", "clear-app-cache", "{}", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), 3, 0)],
        [Part("TV-BLT-55", "Backlight strip 55″", "55 英寸背光条", 'E', 'B', "tv"), Part("TV-MB-11", "Mainboard 11", "11 型主板", 'V', 'A', "tv")]);

    private static MetricDefinition Metric(string name, string en, string zh, string unit) => new(name, new(en, zh), MetricType.Number, unit, null, null);
    private static SymptomDefinition Symptom(string code, string en, string zh) => new(code, new(en, zh), 0.004);
    private static PartDefinition Part(string sku, string en, string zh, char criticality, char cost, string type) =>
        new(sku, new(en, zh), criticality, cost, 14, 86, "EUR", [type], null, (6, 3, 2));

    private static RuleDefinition Rule(string id, string en, string zh, string metric, ConditionKind kind, double setpoint, Severity severity, string symptom, string mode) =>
        new(id, new(en, zh), metric, kind, setpoint, setpoint * 0.05, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), severity, symptom, mode, null, null, null, new(en, zh), "ISO 20816-3");
}
