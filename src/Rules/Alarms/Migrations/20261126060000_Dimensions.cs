using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Rules.Alarms.Migrations
{
    /// <inheritdoc />
    public partial class Dimensions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(name: "IsConfirmed", table: "rules_alarms", type: "INTEGER", nullable: false, defaultValue: false);
            migrationBuilder.AddColumn<bool>(name: "IsLatched", table: "rules_alarms", type: "INTEGER", nullable: false, defaultValue: false);
            migrationBuilder.AddColumn<bool>(name: "IsShelvedOnce", table: "rules_alarms", type: "INTEGER", nullable: false, defaultValue: false);
            migrationBuilder.AddColumn<string>(name: "SuppressedByDesign", table: "rules_alarms", type: "TEXT", nullable: true);
            migrationBuilder.AddColumn<string>(name: "RecentClears", table: "rules_alarms", type: "TEXT", nullable: false, defaultValue: "");
            migrationBuilder.AddColumn<long>(name: "ChatterSince", table: "rules_alarms", type: "INTEGER", nullable: true);
            migrationBuilder.AddColumn<int>(name: "ChatterCount", table: "rules_alarms", type: "INTEGER", nullable: false, defaultValue: 0);
            migrationBuilder.AddColumn<long>(name: "ChatterEndsAt", table: "rules_alarms", type: "INTEGER", nullable: true);
            migrationBuilder.CreateIndex(name: "IX_rules_alarms_ChatterEndsAt", table: "rules_alarms", column: "ChatterEndsAt");
            migrationBuilder.CreateIndex(name: "IX_rules_alarms_ShelvedUntil", table: "rules_alarms", column: "ShelvedUntil");
            migrationBuilder.CreateIndex(name: "IX_rules_alarm_changes_Tenant_At", table: "rules_alarm_changes", columns: ["Tenant", "At"]);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_rules_alarms_ChatterEndsAt", table: "rules_alarms");
            migrationBuilder.DropIndex(name: "IX_rules_alarms_ShelvedUntil", table: "rules_alarms");
            migrationBuilder.DropIndex(name: "IX_rules_alarm_changes_Tenant_At", table: "rules_alarm_changes");
            migrationBuilder.DropColumn(name: "IsConfirmed", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "IsLatched", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "IsShelvedOnce", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "SuppressedByDesign", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "RecentClears", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "ChatterSince", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "ChatterCount", table: "rules_alarms");
            migrationBuilder.DropColumn(name: "ChatterEndsAt", table: "rules_alarms");
        }
    }
}
