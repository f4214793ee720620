using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Rules.Alarms.Migrations
{
    /// <inheritdoc />
    public partial class Maintenance : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(name: "CameAt", table: "rules_alarms", type: "INTEGER", nullable: true);
            migrationBuilder.AddColumn<bool>(name: "InMaintenance", table: "rules_alarms", type: "INTEGER", nullable: false, defaultValue: false);
            migrationBuilder.AddColumn<bool>(name: "IsJudgedInMaintenance", table: "rules_alarms", type: "INTEGER", nullable: false, defaultValue: false);
            migrationBuilder.AddColumn<long>(name: "MaintenanceFrom", table: "rules_alarms", type: "INTEGER", nullable: true);
            migrationBuilder.AddColumn<string>(name: "MaintenanceReason", table: "rules_alarms", type: "TEXT", nullable: true);
            migrationBuilder.AddColumn<long>(name: "MaintenanceUntil", table: "rules_alarms", type: "INTEGER", nullable: true);
            migrationBuilder.AddColumn<string>(name: "MaintenanceWindow", table: "rules_alarms", type: "TEXT", nullable: true);
            migrationBuilder.CreateIndex(name: "IX_rules_alarms_InMaintenance_MaintenanceUntil", table: "rules_alarms", columns: ["InMaintenance", "MaintenanceUntil"]);
            migrationBuilder.CreateTable(
                name: "rules_maintenance",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: true),
                    Site = table.Column<string>(type: "TEXT", nullable: true),
                    Type = table.Column<string>(type: "TEXT", nullable: true),
                    Begin = table.Column<long>(type: "INTEGER", nullable: false),
                    End = table.Column<long>(type: "INTEGER", nullable: true),
                    Zone = table.Column<string>(type: "TEXT", nullable: false),
                    WeeklyDays = table.Column<byte>(type: "INTEGER", nullable: false),
                    WeeklyAtMinute = table.Column<int>(type: "INTEGER", nullable: false),
                    WeeklyMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Author = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedJson = table.Column<string>(type: "TEXT", nullable: false),
                    CancelledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                },
                constraints: table => table.PrimaryKey("PK_rules_maintenance", x => x.Id));
            migrationBuilder.CreateIndex(name: "IX_rules_maintenance_Tenant", table: "rules_maintenance", column: "Tenant");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "rules_maintenance");
            migrationBuilder.DropIndex(name: "IX_rules_alarms_InMaintenance_MaintenanceUntil", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "CameAt", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "InMaintenance", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "IsJudgedInMaintenance", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "MaintenanceFrom", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "MaintenanceReason", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "MaintenanceUntil", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "MaintenanceWindow", table: "rules_alarms");
        }
    }
}
